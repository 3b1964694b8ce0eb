package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelShape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Validates the tensor table of a GGUF file against the model's shape and the file's size, and the values of the norms.
 * The matrices are not read, so that a large file is validated in milliseconds.
 */
final class GgufTensorTable {
    private GgufTensorTable() {}

    static void check(GgufHeader header, ModelShape model, MemorySegment file) {
        Map<String, GgufHeader.Tensor> tensors = new HashMap<>();
        for (GgufHeader.Tensor tensor : header.tensors()) {
            require(tensors.put(tensor.name(), tensor) == null, "tensor " + tensor.name() + " is there twice");
        }
        LlamaTensors.expected(model).forEach((name, shape) -> {
            GgufHeader.Tensor tensor = tensors.remove(GgufNames.of(name));
            require(tensor != null, "tensor " + GgufNames.of(name) + " is missing");
            checkShape(tensor, shape);
        });
        GgufHeader.Tensor factors = model.family().interleavedRope() ? tensors.remove(GgufNames.ROPE_FACTORS) : null;
        if (factors != null) {
            checkShape(factors, new long[] {model.headDimension() / 2});
        }
        require(
                tensors.isEmpty(),
                "tensor " + tensors.keySet().stream().findFirst().orElse("") + " is unknown");
        checkPlaces(header, file.byteSize());
        for (GgufHeader.Tensor tensor : header.tensors()) {
            if (tensor.shape().size() == 1) {
                checkFinite(tensor, header, file);
            }
        }
    }

    private static void checkShape(GgufHeader.Tensor tensor, long[] expected) {
        List<Long> shape = new ArrayList<>();
        for (long dimension : expected) {
            shape.add(dimension);
        }
        require(
                tensor.shape().equals(shape),
                "tensor " + tensor.name() + " has shape " + tensor.shape() + " and must have " + shape);
        // llama.cpp loads a norm of another type, and aborts the process at the first token.
        require(
                shape.size() > 1 || tensor.type() == GgufType.F32,
                "tensor " + tensor.name() + " must be F32, is " + tensor.type());
    }

    /** Checks offsets: llama.cpp requires the tensors contiguous in the order of the table, each padded. */
    static void checkPlaces(GgufHeader header, long fileSize) {
        long end = 0;
        long padded = 0;
        for (GgufHeader.Tensor tensor : header.tensors()) {
            require(
                    tensor.offset() == padded,
                    "tensor " + tensor.name() + " lies at " + tensor.offset() + " and must lie at " + padded);
            end = padded + tensor.bytes();
            padded = Math.ceilDiv(end, GgufWriter.ALIGNMENT) * GgufWriter.ALIGNMENT;
            require(
                    end <= fileSize - header.dataStart(),
                    "tensor " + tensor.name() + " reaches beyond the end of the file");
        }
        long rest = fileSize - header.dataStart() - end;
        require(rest <= padded - end, "the file has " + rest + " bytes after the last tensor");
    }

    /** Checks that every value is finite; skips tensors of block-quantized types. */
    static void checkFinite(GgufHeader.Tensor tensor, GgufHeader header, MemorySegment file) {
        MemorySegment data = file.asSlice(header.dataStart() + tensor.offset(), tensor.bytes());
        for (long i = 0; i < tensor.elements(); i++) {
            require(
                    Float.isFinite(value(tensor.type(), data, i)),
                    "tensor " + tensor.name() + " holds a NaN or an infinity");
        }
    }

    /** Returns an element of a tensor's data; 0 for block-quantized types. */
    static float value(GgufType type, MemorySegment data, long index) {
        return switch (type) {
            case F32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
            case F16 -> Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index));
            case BF16 -> Float.intBitsToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index) << Short.SIZE);
            default -> 0;
        };
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new InvalidGgufException(otherwise);
        }
    }
}
