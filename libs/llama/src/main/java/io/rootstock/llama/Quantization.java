package io.rootstock.llama;

/** Number formats that {@link Llama#quantize} makes of a float32 file. Norms stay float32 in all of them. */
public enum Quantization {
    /** float16 matrices. */
    F16(1),
    /** 8-bit integers in blocks of 32 with a float16 scale each. */
    Q8_0(7),
    /**
     * 4-bit integers in blocks of 256, some matrices in 6 bits; a matrix whose rows are no multiple of 256 gets a wider
     * type.
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
