package io.rootstock.trainer.schedule;

/**
 * Length of a run. Computes, before each step, the completed share of the run and whether another step fits.
 *
 * <p>The step budget depends only on the step, so the run is reproducible. The clock budget depends on training time,
 * so the run ends on time, decay phase included.
 */
public sealed interface Budget {
    /** Completed share of the run before the next step, 0 to 1. */
    double done(Progress progress);

    /** Whether the run ends before the next step. */
    boolean finished(Progress progress);

    /** Estimated total number of steps of the run; at least the completed steps. */
    long totalSteps(Progress progress);

    /** Limits this budget to a number of steps, after which the data is used up. */
    Budget atMost(long steps);

    /**
     * Progress of a run.
     *
     * @param step completed optimizer steps
     * @param seconds training time of all workers of the run, in seconds
     * @param stepSeconds duration of a typical recent step; 0 before the first
     * @param longestStepSeconds duration of the longest recent step; 0 before the first
     */
    record Progress(long step, double seconds, double stepSeconds, double longestStepSeconds) {}

    /**
     * Ends after a number of steps.
     *
     * @param steps optimizer steps, at least 1
     */
    record Steps(long steps) implements Budget {
        @Override
        public double done(Progress progress) {
            return (double) progress.step() / steps;
        }

        @Override
        public boolean finished(Progress progress) {
            return progress.step() >= steps;
        }

        @Override
        public long totalSteps(Progress progress) {
            return Math.max(steps, progress.step());
        }

        @Override
        public Budget atMost(long most) {
            return new Steps(Math.min(steps, most));
        }
    }

    /**
     * Ends when the next step would exceed the time, or the maximum number of steps is reached.
     *
     * @param seconds training time, above 0
     * @param mostSteps number of steps after which the data is used up
     */
    record Clock(double seconds, long mostSteps) implements Budget {
        @Override
        public double done(Progress progress) {
            double byData = (double) progress.step() / mostSteps;
            return Math.min(1.0, Math.max(progress.seconds() / seconds, byData));
        }

        @Override
        public boolean finished(Progress progress) {
            return progress.step() >= mostSteps
                    || progress.seconds() >= seconds
                    || (progress.step() > 0 && progress.seconds() + progress.longestStepSeconds() > seconds);
        }

        @Override
        public long totalSteps(Progress progress) {
            if (progress.stepSeconds() <= 0.0) {
                return mostSteps;
            }
            double left = Math.max(0.0, seconds - progress.seconds()) / progress.stepSeconds();
            return Math.min(mostSteps, progress.step() + (long) left);
        }

        @Override
        public Budget atMost(long most) {
            return new Clock(seconds, Math.min(mostSteps, most));
        }
    }
}
