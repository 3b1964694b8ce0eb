package io.rootstock.trainer.run;

/** Starts worker processes. */
@FunctionalInterface
public interface WorkerLauncher {
    /** Starts a worker on a run; it outlives this process if it must. */
    Process launch(RunDirectory directory);
}
