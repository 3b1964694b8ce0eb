package io.rootstock.trainer.schedule;

/** Learning rate schedule as a function of the completed share of the run. Immutable and stateless. */
public sealed interface LearningRate {
    /** Highest rate, reached at the end of warm-up. */
    double peak();

    /** Share of the run spent in linear warm-up, 0 to 1. */
    double warmupFraction();

    /**
     * Rate after warm-up.
     *
     * @param done completed share of the run, {@link #warmupFraction()} to 1
     */
    double afterWarmup(double done);

    /**
     * Rate of the next step.
     *
     * @param done completed share of the run before the step, 0 to 1
     * @param stepShare share of the run of this step; makes the rate of the first warm-up step positive
     */
    default double at(double done, double stepShare) {
        double reached = Math.clamp(done, 0.0, 1.0);
        if (reached < warmupFraction()) {
            return peak() * Math.min(1.0, (reached + stepShare) / warmupFraction());
        }
        return afterWarmup(reached);
    }

    /**
     * Warm-up, constant, then linear to zero over the last {@code decayFraction} (Hu et al. 2024, MiniCPM).
     *
     * @param decayFraction share of the run spent decaying, 0 to 1 - warmupFraction
     */
    record WarmupStableDecay(double peak, double warmupFraction, double decayFraction) implements LearningRate {
        @Override
        public double afterWarmup(double done) {
            double decayStart = 1.0 - decayFraction;
            if (done <= decayStart) {
                return peak;
            }
            return peak * (1.0 - done) / decayFraction;
        }
    }

    /** Warm-up, then half a cosine from the peak to a tenth of it. */
    record Cosine(double peak, double warmupFraction) implements LearningRate {
        private static final double FLOOR = 0.1;

        @Override
        public double afterWarmup(double done) {
            double phase = (done - warmupFraction) / Math.max(1.0 - warmupFraction, 1e-9);
            return peak * (FLOOR + (1.0 - FLOOR) * 0.5 * (1.0 + Math.cos(Math.PI * phase)));
        }
    }
}
