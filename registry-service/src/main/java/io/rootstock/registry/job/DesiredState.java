package io.rootstock.registry.job;

/** State that the client last requested for a job; stored in {@code job.desired_state}. */
enum DesiredState {
    /** Run until success. */
    RUNNING,
    /** Stop at a checkpoint. */
    PAUSED,
    /** Stop for good. */
    CANCELLED
}
