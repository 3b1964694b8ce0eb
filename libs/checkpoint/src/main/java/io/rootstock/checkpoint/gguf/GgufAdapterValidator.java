package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelShape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Validates a GGUF file of low-rank adapters against its base model, before native code reads it: each target is a
 * matrix of the model and has A and B of equal rank and matching shapes, and every value is finite.
 */
public final class GgufAdapterValidator {
    private static final Set<GgufType> TYPES = Set.of(GgufType.F32, GgufType.F16, GgufType.BF16);
    private static final long MAX_RANK = 4096;

    private GgufAdapterValidator() {}

    /**
     * Properties of a validated adapter.
     *
     * @param rank largest rank of its targets
     * @param alpha scale of B·A times the rank
     * @param targets number of matrices with an adapter
     */
    public record Adapter(int rank, double alpha, int targets) {}

    /**
     * Validates an adapter.
     *
     * @param base shape of the base model, a language model
     * @throws InvalidGgufException naming the first violation
     */
    public static Adapter validate(Path file, ModelShape base) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return check(GgufReader.read(bytes), base, bytes);
        }
    }

    private static Adapter check(GgufHeader header, ModelShape base, MemorySegment file) {
        requireText(header, "general.type", "adapter");
        requireText(header, "general.architecture", base.family().architecture());
        requireText(header, "adapter.type", "lora");
        double alpha = header.real("adapter.lora.alpha");
        Map<String, GgufHeader.Tensor> parts = new HashMap<>();
        for (GgufHeader.Tensor tensor : header.tensors()) {
            require(parts.put(tensor.name(), tensor) == null, "tensor " + tensor.name() + " is there twice");
        }
        require(!parts.isEmpty(), "the adapter has no tensors");
        Map<String, long[]> matrices = matrices(base);
        int rank = 0;
        int targets = 0;
        for (GgufHeader.Tensor tensor : header.tensors()) {
            requirePart(tensor, parts, matrices);
            if (tensor.name().endsWith(GgufAdapter.FIRST)) {
                targets++;
                rank = Math.max(rank, rank(tensor, parts, matrices));
            }
        }
        GgufTensorTable.checkPlaces(header, file.byteSize());
        header.tensors().forEach(tensor -> GgufTensorTable.checkFinite(tensor, header, file));
        return new Adapter(rank, alpha, targets);
    }

    private static void requireText(GgufHeader header, String key, String wanted) {
        require(header.text(key).equals(wanted), key + " must be " + wanted + ", is " + header.text(key));
    }

    /**
     * GGUF name to shape of the matrices that an adapter can change: the layers' matrices and the output projection.
     */
    private static Map<String, long[]> matrices(ModelShape base) {
        Map<String, long[]> matrices = new HashMap<>();
        LlamaTensors.expected(base).forEach((name, shape) -> {
            if (shape.length == 2 && !name.equals(LlamaTensors.EMBEDDING)) {
                matrices.put(GgufNames.of(name), shape);
            }
        });
        return matrices;
    }

    private static void requirePart(
            GgufHeader.Tensor tensor, Map<String, GgufHeader.Tensor> parts, Map<String, long[]> matrices) {
        String name = tensor.name();
        boolean first = name.endsWith(GgufAdapter.FIRST);
        require(first || name.endsWith(GgufAdapter.SECOND), "tensor " + name + " is not part of an adapter");
        String matrix = name.substring(0, name.length() - GgufAdapter.FIRST.length());
        require(matrices.containsKey(matrix), "tensor " + name + " is for no matrix of the model");
        require(
                parts.containsKey(matrix + (first ? GgufAdapter.SECOND : GgufAdapter.FIRST)),
                "tensor " + name + " is without its other part");
        require(TYPES.contains(tensor.type()), "tensor " + name + " must be F32, F16 or BF16, is " + tensor.type());
        require(tensor.shape().size() == 2, "tensor " + name + " must have two dimensions");
    }

    private static int rank(
            GgufHeader.Tensor first, Map<String, GgufHeader.Tensor> parts, Map<String, long[]> matrices) {
        String matrix = first.name().substring(0, first.name().length() - GgufAdapter.FIRST.length());
        long[] shape = matrices.get(matrix);
        long rank = first.shape().getFirst();
        require(
                rank >= 1 && rank <= Math.min(MAX_RANK, Math.max(shape[0], shape[1])),
                "tensor " + first.name() + " has the impossible rank " + rank);
        requireShape(first, List.of(rank, shape[1]));
        requireShape(parts.get(matrix + GgufAdapter.SECOND), List.of(shape[0], rank));
        return (int) rank;
    }

    private static void requireShape(GgufHeader.Tensor tensor, List<Long> shape) {
        require(
                tensor.shape().equals(shape),
                "tensor " + tensor.name() + " has shape " + tensor.shape() + " and must have " + shape);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new InvalidGgufException(otherwise);
        }
    }
}
