package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the GGUF file of an adapter; the rows of B of queries and keys are restored to Hugging Face's order. */
public final class GgufAdapterReader {
    private GgufAdapterReader() {}

    /**
     * Reads an adapter; its tensors are copies in float32.
     *
     * @param base shape of the base model, a language model
     * @throws InvalidGgufException if the file is not a complete adapter of the base
     * @throws IllegalArgumentException if PEFT's format cannot express it: other matrices than those of the layers, only
     *     some layers, or matrices of different ranks
     */
    public static PeftAdapter read(Path file, ModelShape base) throws IOException {
        GgufAdapterValidator.Adapter adapter = GgufAdapterValidator.validate(file, base);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            GgufHeader header = GgufReader.read(bytes);
            Map<String, GgufHeader.Tensor> parts = new HashMap<>();
            header.tensors().forEach(tensor -> parts.put(tensor.name(), tensor));
            Set<String> targets = new LinkedHashSet<>();
            List<NamedTensor> tensors = new ArrayList<>();
            for (String name : LlamaTensors.expected(base).keySet()) {
                GgufHeader.Tensor first = parts.get(GgufNames.of(name) + GgufAdapter.FIRST);
                if (first == null) {
                    continue;
                }
                GgufHeader.Tensor second = parts.get(GgufNames.of(name) + GgufAdapter.SECOND);
                String matrix = name.substring(0, name.lastIndexOf('.'));
                targets.add(matrix.substring(matrix.lastIndexOf('.') + 1));
                tensors.add(tensor(matrix + ".lora_A.weight", first, data(first, header, bytes), 0));
                tensors.add(tensor(
                        matrix + ".lora_B.weight",
                        second,
                        data(second, header, bytes),
                        Gguf.permutedHeads(name, base)));
            }
            PeftAdapter read = new PeftAdapter(adapter.rank(), adapter.alpha(), false, List.copyOf(targets), tensors);
            read.inOrder(base);
            return read;
        }
    }

    private static MemorySegment data(GgufHeader.Tensor tensor, GgufHeader header, MemorySegment file) {
        return file.asSlice(header.dataStart() + tensor.offset(), tensor.bytes());
    }

    /** Copies a matrix; with permuted heads, [heads,d/2,2,in] becomes [heads,2,d/2,in]. */
    private static NamedTensor tensor(String name, GgufHeader.Tensor tensor, MemorySegment data, int permutedHeads) {
        int rows = Math.toIntExact(tensor.shape().getFirst());
        int columns = Math.toIntExact(tensor.shape().getLast());
        int headRows = permutedHeads == 0 ? rows : rows / permutedHeads;
        float[] values = new float[Math.multiplyExact(rows, columns)];
        for (int row = 0; row < rows; row++) {
            int inHead = row % headRows;
            int target = permutedHeads == 0 ? row : row - inHead + inHead % 2 * (headRows / 2) + inHead / 2;
            for (int column = 0; column < columns; column++) {
                values[target * columns + column] =
                        GgufTensorTable.value(tensor.type(), data, (long) row * columns + column);
            }
        }
        return NamedTensor.of(name, values, rows, columns);
    }
}
