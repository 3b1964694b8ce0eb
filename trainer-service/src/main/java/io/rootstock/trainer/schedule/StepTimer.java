package io.rootstock.trainer.schedule;

/** Remembers how long the last steps took: what the clock budget needs to end in time. */
public final class StepTimer {
    private static final int REMEMBERED = 16;

    private final double[] recent = new double[REMEMBERED];
    private long steps;
    private double total;

    /** Starts from the training time that earlier workers of the run spent. */
    public StepTimer(double secondsSpent) {
        this.total = secondsSpent;
    }

    /** Adds a step that took {@code seconds}. */
    public void add(double seconds) {
        recent[(int) (steps % REMEMBERED)] = seconds;
        steps++;
        total += seconds;
    }

    /** Training time so far, earlier workers included, in seconds. */
    public double totalSeconds() {
        return total;
    }

    /** Progress after {@code step} optimizer steps of the run. */
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
