package io.rootstock.trainer.run;

/** Starts worker processes. */
@FunctionalInterface
public interface WorkerLauncher {
    /**
     * Starts a worker on a run; it outlives this process if it must.
     *
     * @param ranks processes that train together; what is returned ends when one of them is lost
     */
    Process launch(RunDirectory directory, int ranks);
}
