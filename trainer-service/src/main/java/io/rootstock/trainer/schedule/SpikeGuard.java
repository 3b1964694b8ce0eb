package io.rootstock.trainer.schedule;

/**
 * Tells losses that are no part of the curve: more than a number of deviations above the running mean. It learns from the
 * steps it lets pass, and lets pass whatever comes after several refusals in a row, as the curve may have moved for good.
 * All its memory is its {@link State}, which belongs in checkpoints.
 */
public final class SpikeGuard {
    /** Steps seen before any is refused. */
    private static final long KNOWN_FROM = 50;
    /** Weight of the newest loss in the running mean and variance. */
    private static final double NEWEST = 0.02;

    private static final int MOST_IN_A_ROW = 5;

    private final double threshold;
    private State state;

    /**
     * What it knows.
     *
     * @param mean running mean of the losses
     * @param variance running variance
     * @param seen steps that passed
     * @param inARow steps refused since one passed
     * @param skipped steps refused in all
     */
    public record State(double mean, double variance, long seen, int inARow, long skipped) {
        /** Nothing yet. */
        public static final State NEW = new State(0, 0, 0, 0, 0);
    }

    /**
     * A guard that goes on from a state.
     *
     * @param threshold deviations above the mean; 0 lets everything pass
     */
    public SpikeGuard(double threshold, State state) {
        this.threshold = threshold;
        this.state = state;
    }

    /** The largest loss that is no spike now; infinite where every loss passes. */
    public double ceiling() {
        boolean watching = threshold > 0 && state.seen() >= KNOWN_FROM && state.inARow() < MOST_IN_A_ROW;
        return watching ? state.mean() + threshold * Math.sqrt(state.variance()) : Double.POSITIVE_INFINITY;
    }

    /** Takes note of a step's loss; a loss above the ceiling was skipped. */
    public void saw(double loss) {
        if (loss > ceiling()) {
            state = new State(state.mean(), state.variance(), state.seen(), state.inARow() + 1, state.skipped() + 1);
            return;
        }
        // At first a plain mean, later one that forgets.
        double share = Math.max(NEWEST, 1.0 / (state.seen() + 1));
        double distance = loss - state.mean();
        double mean = state.mean() + share * distance;
        double variance = (1 - share) * (state.variance() + share * distance * distance);
        state = new State(mean, variance, state.seen() + 1, 0, state.skipped());
    }

    /** What it knows now. */
    public State state() {
        return state;
    }
}
