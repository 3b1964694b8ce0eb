package io.rootstock.trainer.run;

import java.util.Optional;

/**
 * Workers that are processes on this machine.
 *
 * @param launcher starts a process
 */
public record ProcessWorkers(ProcessWorker.Launcher launcher) implements WorkerLauncher {
    @Override
    public WorkerHandle launch(RunDirectory directory, int ranks) {
        return ProcessWorker.start(launcher, directory, ranks);
    }

    @Override
    public WorkerHandle find(RunDirectory directory) {
        return ProcessWorker.holder(directory);
    }

    /** Processes share the memory of this machine. */
    @Override
    public Optional<String> moreMemory(RunDirectory directory) {
        return Optional.empty();
    }

    @Override
    public boolean isAvailable() {
        return true;
    }

    @Override
    public boolean isRemote() {
        return false;
    }
}
