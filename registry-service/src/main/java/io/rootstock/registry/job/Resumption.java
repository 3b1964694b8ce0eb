package io.rootstock.registry.job;

/**
 * Settings of a resumed job.
 *
 * @param ranks number of processes; 0: unchanged
 * @param restart whether to train from step 0 if the trainer does not know the run
 */
record Resumption(int ranks, boolean restart) {
    /** Without changes, from the last checkpoint. */
    static final Resumption PLAIN = new Resumption(0, false);
}
