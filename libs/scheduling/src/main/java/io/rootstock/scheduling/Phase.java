package io.rootstock.scheduling;

/** Phase of a job from the scheduler's point of view. */
public sealed interface Phase {
    /** The phase of all waiting jobs. */
    Phase WAITING = new Waiting();

    /** Waits for devices: new, or stopped at a checkpoint. */
    record Waiting() implements Phase {}

    /**
     * Holds devices and trains.
     *
     * @param startTime time of this start
     * @param unsavedSeconds training time that a stop would lose; 0 if a stop writes a checkpoint
     */
    record Running(double startTime, double unsavedSeconds) implements Phase {}

    /**
     * Holds devices until it has stopped at a checkpoint.
     *
     * @param waitsAgain whether it then waits for devices, because it was preempted
     */
    record Stopping(boolean waitsAgain) implements Phase {}
}
