package io.rootstock.inference.v1;

/** The defaults of unset fields of {@link Sampling} and {@link GenerationOptions}, as the contract states them. */
public final class SamplingDefaults {
    public static final int MAX_TOKENS = 256;
    public static final float TEMPERATURE = 0.8f;
    public static final int TOP_K = 40;
    public static final float TOP_P = 0.95f;
    public static final float MIN_P = 0.05f;
    public static final int REPEAT_PENALTY = 1;

    private SamplingDefaults() {}
}
