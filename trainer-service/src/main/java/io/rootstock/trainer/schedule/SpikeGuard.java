package io.rootstock.trainer.schedule;

/**
 * Detects loss spikes: losses more than a number of standard deviations above the running mean. Only accepted losses
 * update the statistics. After several consecutive spikes the next loss is accepted, since the loss may have moved
 * permanently. {@link State} contains the whole state and belongs in checkpoints.
 */
public final class SpikeGuard {
    /** Number of steps before the first can be a spike. */
    private static final long KNOWN_FROM = 50;
    /** Weight of the newest loss in the running mean and variance. */
    private static final double NEWEST = 0.02;

    private static final int MAX_IN_A_ROW = 5;

    private final double threshold;
    private State state;

    /**
     * Running statistics.
     *
     * @param mean running mean of the losses
     * @param variance running variance of the losses
     * @param seen accepted steps
     * @param inARow consecutive spikes since the last accepted step
     * @param skipped total number of spikes
     */
    public record State(double mean, double variance, long seen, int inARow, long skipped) {
        /** State before the first step. */
        public static final State NEW = new State(0, 0, 0, 0, 0);
    }

    /**
     * Creates a guard with the statistics of a checkpoint.
     *
     * @param threshold standard deviations above the mean; 0 accepts every loss
     */
    public SpikeGuard(double threshold, State state) {
        this.threshold = threshold;
        this.state = state;
    }

    /** Largest loss that is accepted; infinite if every loss is accepted. */
    public double ceiling() {
        boolean watching = threshold > 0 && state.seen() >= KNOWN_FROM && state.inARow() < MAX_IN_A_ROW;
        return watching ? state.mean() + threshold * Math.sqrt(state.variance()) : Double.POSITIVE_INFINITY;
    }

    /** Records the loss of a step; a loss above {@link #ceiling} counts as a skipped step. */
    public void saw(double loss) {
        if (loss > ceiling()) {
            state = new State(state.mean(), state.variance(), state.seen(), state.inARow() + 1, state.skipped() + 1);
            return;
        }
        // An arithmetic mean at first, an exponential moving average later.
        double share = Math.max(NEWEST, 1.0 / (state.seen() + 1));
        double distance = loss - state.mean();
        double mean = state.mean() + share * distance;
        double variance = (1 - share) * (state.variance() + share * distance * distance);
        state = new State(mean, variance, state.seen() + 1, 0, state.skipped());
    }

    /** Current statistics, for a checkpoint. */
    public State state() {
        return state;
    }
}
