package io.rootstock.trainer.schedule;

/**
 * What a run may spend. Answers, before each step, how much of the run is done and whether another step fits.
 *
 * <p>The step budget depends on nothing but the step, so that a run is reproducible; the clock budget follows
 * training time, so that a run ends when it was told to, decay phase included.
 */
public sealed interface Budget {
    /** Share of the run done, 0 to 1, before the next step. */
    double done(Progress progress);

    /** Whether the run ends before the next step. */
    boolean finished(Progress progress);

    /** Steps the run takes in all, as far as is known now; never fewer than are done. */
    long totalSteps(Progress progress);

    /** The same budget, ending at the latest after this many steps because the data ends there. */
    Budget atMost(long steps);

    /**
     * Where a run stands.
     *
     * @param step optimizer steps done
     * @param seconds training time spent, all workers of the run together
     * @param stepSeconds length of a typical recent step; 0 before the first
     * @param longestStepSeconds longest of the recent steps; 0 before the first
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
     * Ends when the next step would not fit into the time, or the data's epoch caps are reached.
     *
     * @param seconds training time, above 0
     * @param mostSteps steps after which the data is used up
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
