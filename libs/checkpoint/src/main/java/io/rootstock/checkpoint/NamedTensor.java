package io.rootstock.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Float32 tensor of a checkpoint.
 *
 * @param name Hugging Face name, for example {@code model.layers.0.self_attn.q_proj.weight}
 * @param shape row-major, so [out, in] for a matrix
 * @param float32 elements, 4 bytes each, in native byte order, aligned to 4 bytes
 */
// Shapes are arrays throughout the package; tensors are not compared.
@SuppressWarnings("ArrayRecordComponent")
public record NamedTensor(String name, long[] shape, MemorySegment float32) implements Tensor {
    public NamedTensor {
        long elements = elements(shape);
        if (elements < 0 || float32.byteSize() != elements * Float.BYTES) {
            throw new IllegalArgumentException("tensor " + name + " of shape " + Arrays.toString(shape) + " needs "
                    + elements + " floats, its memory has " + float32.byteSize() + " bytes");
        }
    }

    /** Creates a tensor with a copy of these elements, on the heap. */
    public static NamedTensor of(String name, float[] elements, long... shape) {
        return new NamedTensor(name, shape, MemorySegment.ofArray(elements.clone()));
    }

    /** Number of elements. */
    public long elements() {
        return elements(shape);
    }

    /** Returns the elements as an array; the tensor must fit into one. */
    public float[] toArray() {
        return float32.toArray(ValueLayout.JAVA_FLOAT);
    }

    /** Returns the product of the dimensions; -1 if a dimension is invalid or the product too large. */
    public static long elements(long[] shape) {
        long product = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                return -1;
            }
            try {
                product = Math.multiplyExact(product, dimension);
            } catch (ArithmeticException e) {
                return -1;
            }
        }
        return product > Long.MAX_VALUE / Double.BYTES ? -1 : product;
    }
}
