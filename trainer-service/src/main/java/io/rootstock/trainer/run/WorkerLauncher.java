package io.rootstock.trainer.run;

import java.util.Optional;

/** Starts the workers of runs, and finds those that an earlier process of this service started. */
public interface WorkerLauncher {
    /**
     * Starts a worker of a run. The worker may outlive this process.
     *
     * @param ranks number of processes; the worker ends if one of them fails
     */
    WorkerHandle launch(RunDirectory directory, int ranks);

    /** Returns the worker of a run that another process of this service may have started; it need not be alive. */
    WorkerHandle find(RunDirectory directory);

    /**
     * Gives the next workers of a run more memory, after one ran out of it.
     *
     * @return the new memory, for users; empty if a worker's memory has no limit of its own, or the largest one
     */
    Optional<String> moreMemory(RunDirectory directory);

    /** Whether workers can be started now; runs stay queued until then. */
    boolean isAvailable();

    /**
     * Whether workers run apart from this service: they report their events and store their checkpoints as artifacts, they
     * continue when the service stops, and a run that this service does not know may be running.
     */
    boolean isRemote();
}
