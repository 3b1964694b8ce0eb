package io.rootstock.checkpoint;

/** How a model's rotary frequencies are changed so that it reads longer texts than it was first trained on. */
public sealed interface RopeScaling {
    /** Not at all. */
    RopeScaling NONE = new None();

    /** The frequency, in radians per position, that takes the place of an unscaled one. */
    double frequency(double unscaled);

    /** Frequencies as they are. */
    record None() implements RopeScaling {
        @Override
        public double frequency(double unscaled) {
            return unscaled;
        }
    }

    /**
     * Every position counts as a part of one (Chen et al. 2023, position interpolation).
     *
     * @param factor what positions are divided by
     */
    record Linear(double factor) implements RopeScaling {
        /** Refuses a factor that would shorten the context. */
        public Linear {
            require(factor >= 1 && Double.isFinite(factor), "factor must be at least 1, was " + factor);
        }

        @Override
        public double frequency(double unscaled) {
            return unscaled / factor;
        }
    }

    /**
     * Llama 3.1's: low frequencies are divided by the factor, high ones stay, and those between change from one to the
     * other.
     *
     * @param factor what low frequencies are divided by
     * @param lowFrequencyFactor a frequency is low if it turns fewer times than this in the original context
     * @param highFrequencyFactor a frequency is high if it turns more often than this in the original context
     * @param originalContext context length before the scaling, in tokens
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContext)
            implements RopeScaling {
        /** Refuses what would not be a change from low to high. */
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
