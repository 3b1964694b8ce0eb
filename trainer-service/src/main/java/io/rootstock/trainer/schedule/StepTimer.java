package io.rootstock.trainer.schedule;

/** Measures training time and the durations of recent steps for the clock budget. */
public final class StepTimer {
    private static final int REMEMBERED = 16;

    private final double[] recent = new double[REMEMBERED];
    private long steps;
    private double total;

    /** Creates a timer that starts at the training time of the run's earlier workers, in seconds. */
    public StepTimer(double secondsSpent) {
        this.total = secondsSpent;
    }

    /** Adds a step of {@code seconds}. */
    public void add(double seconds) {
        recent[(int) (steps % REMEMBERED)] = seconds;
        steps++;
        total += seconds;
    }

    /** Total training time, earlier workers included, in seconds. */
    public double totalSeconds() {
        return total;
    }

    /** Returns the progress after {@code step} optimizer steps. */
    public Budget.Progress progress(long step) {
        int known = (int) Math.min(steps, REMEMBERED);
        double sum = 0.0;
        double longest = 0.0;
        for (int i = 0; i < known; i++) {
            sum += recent[i];
            longest = Math.max(longest, recent[i]);
        }
        return new Budget.Progress(step, total, known == 0 ? 0.0 : sum / known, longest);
    }
}
