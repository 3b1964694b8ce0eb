package io.rootstock.trainer.run;

import java.util.Optional;

/** The worker of a run, wherever it runs. Methods are called by one thread at a time. */
public interface WorkerHandle {
    /** Whether the worker is running or may still be running. */
    boolean isAlive();

    /** Stops the worker, which writes a checkpoint first. Returns without waiting for its end. */
    void stop();

    /** Ends the worker at once. Returns without waiting for its end. */
    void kill();

    /** Exit code of the worker; empty while it is running, or if it is unknown. */
    Optional<Integer> exitCode();

    /** Whether the worker was, most likely, killed for lack of memory. */
    boolean killedForMemory();

    /** Output of the worker, or its last lines. */
    String output();

    /** Resident memory of the worker in bytes if it uses the memory of this service's container, otherwise 0. */
    long localBytes();

    /** Description for users, such as {@code process 4711}. */
    String description();
}
