package io.rootstock.llama;

/** Quantizations that {@link Llama#quantize} can write. Norms stay float32 in all of them. */
public enum Quantization {
    /** float16 (IEEE 754 binary16) matrices. */
    F16(1),
    /** 8-bit integers in blocks of 32 with a float16 scale each. */
    Q8_0(7),
    /**
     * 4-bit integers in blocks of 256, some matrices in 6 bits; a matrix whose row size is not a multiple of 256 gets a
     * larger type.
     */
    Q4_K_M(15);

    /** llama.cpp's {@code llama_ftype}. */
    private final int fileType;

    Quantization(int fileType) {
        this.fileType = fileType;
    }

    int fileType() {
        return fileType;
    }
}
