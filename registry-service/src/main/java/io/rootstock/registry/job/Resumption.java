package io.rootstock.registry.job;

/**
 * Settings of a resumed job.
 *
 * @param ranks number of processes; 0: unchanged
 * @param restart whether to train from step 0 if the trainer does not know the run
 * @param maxCostDollars new cost limit; 0: unchanged
 */
record Resumption(int ranks, boolean restart, double maxCostDollars) {
    /** Without changes, from the last checkpoint. */
    static final Resumption PLAIN = new Resumption(0, false, 0);

    /** Settings that the command for the trainer has. */
    Resumption(int ranks, boolean restart) {
        this(ranks, restart, 0);
    }
}
