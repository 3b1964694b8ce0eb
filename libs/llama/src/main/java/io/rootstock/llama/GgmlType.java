package io.rootstock.llama;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * A tensor type of ggml: the storage of elements in blocks, and their conversion to float32 by ggml's {@code to_float}.
 * Immutable; safe for several threads.
 */
public final class GgmlType {
    /** {@code GGML_TYPE_COUNT} of v0.4.0; ggml aborts the process at a larger number. */
    static final int COUNT = 43;

    private static final int F32 = 0;

    private final NativeCalls calls;
    private final int number;
    private final String name;
    private final int blockElements;
    private final int blockBytes;
    private final MemorySegment toFloat;

    private GgmlType(
            NativeCalls calls, int number, String name, int blockElements, int blockBytes, MemorySegment toFloat) {
        this.calls = calls;
        this.number = number;
        this.name = name;
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.toFloat = toFloat;
    }

    static GgmlType read(NativeCalls calls, int number) {
        if (number < 0 || number >= COUNT) {
            throw new LlamaException(
                    "ggml has no tensor type " + number + "; its types are 0 to " + (COUNT - 1) + " in this version");
        }
        MemorySegment traits =
                calls.address(Function.TYPE_TRAITS, number).reinterpret(Structures.TYPE_TRAITS.byteSize());
        int blockElements = (int) Structures.longInteger(Structures.TYPE_TRAITS, traits, "blck_size");
        int blockBytes = (int) Structures.longInteger(Structures.TYPE_TRAITS, traits, "type_size");
        if (blockElements <= 0 || blockBytes <= 0) {
            throw new LlamaException("ggml no longer has the tensor type " + number
                    + "; convert the model again from its original weights");
        }
        return new GgmlType(
                calls,
                number,
                NativeCalls.string(Structures.address(Structures.TYPE_TRAITS, traits, "type_name")),
                blockElements,
                blockBytes,
                Structures.address(Structures.TYPE_TRAITS, traits, "to_float"));
    }

    /** Number of the type: {@code ggml_type}, as in a GGUF file. */
    public int number() {
        return number;
    }

    /** Name in ggml, for example {@code q4_K}. */
    public String name() {
        return name;
    }

    /** Elements of a block; a row is a whole number of blocks. */
    public int blockElements() {
        return blockElements;
    }

    /** Size of a block in bytes. */
    public int blockBytes() {
        return blockBytes;
    }

    /**
     * Returns the size in bytes of this many elements.
     *
     * @param elements a multiple of {@link #blockElements}
     */
    public long bytes(long elements) {
        if (elements < 0 || elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    elements + " elements of " + name + ": the number must be a multiple of " + blockElements);
        }
        return Math.multiplyExact(elements / blockElements, (long) blockBytes);
    }

    /** Whether {@link #toFloat} supports it: all weight types, not integers and activation types such as q8_1. */
    public boolean dequantizes() {
        return number == F32 || toFloat.address() != 0;
    }

    /**
     * Converts elements to float32 in a single native call.
     *
     * @param source native memory of at least {@link #bytes bytes(elements)} bytes
     * @param target native memory of at least 4 * elements bytes, aligned to 4 bytes
     * @param elements a multiple of {@link #blockElements}
     * @throws LlamaException if ggml cannot convert this type
     */
    public void toFloat(MemorySegment source, MemorySegment target, long elements) {
        Objects.checkFromIndexSize(0, bytes(elements), source.byteSize());
        Objects.checkFromIndexSize(0, Math.multiplyExact(elements, Float.BYTES), target.byteSize());
        if (number == F32) {
            MemorySegment.copy(source, 0, target, 0, elements * ValueLayout.JAVA_FLOAT.byteSize());
            return;
        }
        if (!dequantizes()) {
            throw new LlamaException("ggml converts no tensor of type " + name + " to float32");
        }
        calls.toFloat(toFloat, source, target, elements);
    }

    @Override
    public String toString() {
        return name + " (" + blockBytes + " bytes for " + blockElements + " elements)";
    }
}
