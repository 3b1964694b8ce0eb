package io.rootstock.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensor whose float32 elements are produced in chunks while it is written, so that models of any size are converted in
 * bounded memory.
 *
 * @param name Hugging Face name
 * @param shape row-major, so [out, in] for a matrix
 * @param parts produces the elements in order
 */
// Shapes are arrays throughout the package; tensors are not compared.
@SuppressWarnings("ArrayRecordComponent")
public record StreamedTensor(String name, long[] shape, Parts parts) implements Tensor {
    /** Maximum elements of a chunk: 16 MiB of floats. */
    public static final int PART_ELEMENTS = 4 << 20;

    private static final int INFINITY_BITS = 0x7f800000;

    /** Produces a tensor's elements. */
    @FunctionalInterface
    public interface Parts {
        /** Passes all elements to the consumer in order, in chunks; a chunk is valid until the consumer returns. */
        void forEach(Consumer consumer) throws IOException;
    }

    /** Receives the chunks of a tensor. */
    @FunctionalInterface
    public interface Consumer {
        /** Receives the next float32 elements. */
        void accept(MemorySegment float32) throws IOException;
    }

    public static StreamedTensor of(NamedTensor tensor) {
        return new StreamedTensor(tensor.name(), tensor.shape(), consumer -> consumer.accept(tensor.float32()));
    }

    public static List<StreamedTensor> of(List<NamedTensor> tensors) {
        List<StreamedTensor> streamed = new ArrayList<>();
        tensors.forEach(tensor -> streamed.add(of(tensor)));
        return streamed;
    }

    /** Number of elements. */
    public long elements() {
        return NamedTensor.elements(shape);
    }

    /**
     * Returns a copy of this tensor whose chunks are checked for NaN and infinity while they are written.
     *
     * @throws InvalidCheckpointException from {@code parts}, naming the tensor
     */
    public StreamedTensor finite() {
        return new StreamedTensor(
                name,
                shape,
                consumer -> parts.forEach(part -> {
                    requireFinite(part);
                    consumer.accept(part);
                }));
    }

    private void requireFinite(MemorySegment part) {
        // With the sign bit cleared, the bits of NaN and infinity are at least those of infinity.
        int largest = 0;
        long elements = part.byteSize() / Float.BYTES;
        for (long i = 0; i < elements; i++) {
            largest = Math.max(largest, part.getAtIndex(ValueLayout.JAVA_INT, i) & Integer.MAX_VALUE);
        }
        if (largest >= INFINITY_BITS) {
            throw new InvalidCheckpointException(
                    "tensor " + name + " holds a NaN or an infinity; its weights are damaged");
        }
    }
}
