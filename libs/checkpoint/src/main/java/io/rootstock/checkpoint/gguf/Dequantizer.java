package io.rootstock.checkpoint.gguf;

import java.lang.foreign.MemorySegment;

/** Converts quantized weights to float32; implemented by llama.cpp's {@code to_float}. */
@FunctionalInterface
public interface Dequantizer {
    /**
     * Converts elements.
     *
     * @param type their {@code ggml_type}
     * @param source their blocks, in native memory
     * @param target 4 * elements bytes of native memory
     * @param elements a whole number of blocks
     */
    void toFloat(int type, MemorySegment source, MemorySegment target, long elements);
}
