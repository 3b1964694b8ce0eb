package io.rootstock.trainer.run;

/** Starts worker processes. */
@FunctionalInterface
public interface WorkerLauncher {
    /**
     * Starts a worker of a run. The worker may outlive this process.
     *
     * @param ranks number of processes; the returned process ends if one of them fails
     */
    Process launch(RunDirectory directory, int ranks);
}
