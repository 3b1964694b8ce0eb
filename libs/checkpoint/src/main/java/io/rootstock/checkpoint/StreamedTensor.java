package io.rootstock.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor whose float32 elements are produced in parts while it is written, so that a model of any size is converted in
 * little memory.
 *
 * @param name its Hugging Face name
 * @param shape row-major, so [out, in] for a matrix
 * @param parts produces the elements in their order
 */
// An array is what the shape is everywhere else; nobody compares tensors.
@SuppressWarnings("ArrayRecordComponent")
record StreamedTensor(String name, long[] shape, Parts parts) implements Tensor {
    /** Elements of a part: 16 MiB of floats. */
    static final int PART_ELEMENTS = 4 << 20;

    private static final int INFINITY_BITS = 0x7f800000;

    /** Produces a tensor's elements. */
    @FunctionalInterface
    interface Parts {
        /** Gives the consumer all elements in their order, part by part; a part is valid until the consumer returns. */
        void forEach(Consumer consumer) throws IOException;
    }

    /** Takes the parts of a tensor. */
    @FunctionalInterface
    interface Consumer {
        /** Takes the next float32 elements. */
        void accept(MemorySegment float32) throws IOException;
    }

    static StreamedTensor of(NamedTensor tensor) {
        return new StreamedTensor(tensor.name(), tensor.shape(), consumer -> consumer.accept(tensor.float32()));
    }

    static List<StreamedTensor> of(List<NamedTensor> tensors) {
        List<StreamedTensor> streamed = new ArrayList<>();
        tensors.forEach(tensor -> streamed.add(of(tensor)));
        return streamed;
    }

    /** The number of elements. */
    long elements() {
        return NamedTensor.elements(shape);
    }

    /**
     * The same tensor; writing it fails where it holds a value that is no number.
     *
     * @throws InvalidCheckpointException from its parts, naming the tensor
     */
    StreamedTensor finite() {
        return new StreamedTensor(
                name,
                shape,
                consumer -> parts.forEach(part -> {
                    requireFinite(part);
                    consumer.accept(part);
                }));
    }

    private void requireFinite(MemorySegment part) {
        // Without its sign, a NaN or an infinity has at least the bits of infinity.
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
