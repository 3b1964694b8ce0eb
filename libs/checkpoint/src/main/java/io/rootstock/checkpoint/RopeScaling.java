package io.rootstock.checkpoint;

/** Scaling of a model's rotary frequencies that extends its context beyond the length of its pre-training. */
public sealed interface RopeScaling {
    /** Does not change the frequencies. */
    RopeScaling NONE = new None();

    /** Returns the scaled frequency, in radians per position. */
    double frequency(double unscaled);

    record None() implements RopeScaling {
        @Override
        public double frequency(double unscaled) {
            return unscaled;
        }
    }

    /**
     * Linear position interpolation (Chen et al. 2023): positions are divided by a factor.
     *
     * @param factor divisor of the positions
     */
    record Linear(double factor) implements RopeScaling {
        /** Rejects a factor that would shorten the context. */
        public Linear {
            require(factor >= 1 && Double.isFinite(factor), "factor must be at least 1, was " + factor);
        }

        @Override
        public double frequency(double unscaled) {
            return unscaled / factor;
        }
    }

    /**
     * Llama 3.1's scaling: low frequencies are divided by the factor, high ones are unchanged, and those between are
     * interpolated.
     *
     * @param factor divisor of low frequencies
     * @param lowFrequencyFactor rotations in the original context below which a frequency is low
     * @param highFrequencyFactor rotations in the original context above which a frequency is high
     * @param originalContext context length before the scaling, in tokens
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
            implements RopeScaling {
        /** Rejects factors that do not increase from low to high. */
        public Llama3 {
            require(factor >= 1 && Double.isFinite(factor), "factor must be at least 1, was " + factor);
            require(
                    lowFrequencyFactor > 0 && highFrequencyFactor > lowFrequencyFactor,
                    "low_freq_factor must be above 0 and high_freq_factor above that, were " + lowFrequencyFactor
                            + " and " + highFrequencyFactor);
            require(originalContext > 0, "original_max_position_embeddings must be at least 1, was " + originalContext);
        }

        @Override
        public double frequency(double unscaled) {
            double turns = originalContext * unscaled / (2 * Math.PI);
            if (turns > highFrequencyFactor) {
                return unscaled;
            }
            if (turns < lowFrequencyFactor) {
                return unscaled / factor;
            }
            double kept = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
            return (1 - kept) * unscaled / factor + kept * unscaled;
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
