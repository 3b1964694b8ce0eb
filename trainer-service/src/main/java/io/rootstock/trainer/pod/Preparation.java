package io.rootstock.trainer.pod;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.RunWorkerProcess;
import io.rootstock.trainer.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * All that an agent does before it starts its process. Calls are repeated while the trainer or the artifact store cannot be
 * reached.
 *
 * @param settings settings of the agent
 * @param stop ends the waiting
 * @param active whether the agent may still start its process
 */
record Preparation(AgentSettings settings, CountDownLatch stop, BooleanSupplier active) {
    private static final long PAUSE_MILLIS = 500;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 5_000;

    /**
     * Attaches to the trainer.
     *
     * @param refused receives the reason if the trainer refuses the agent for good
     * @return empty if stopped or refused
     */
    Optional<AttachRunWorkerResponse> attach(TrainerClient trainer, long lease, Consumer<String> refused)
            throws InterruptedException {
        String reported = "";
        while (isActive()) {
            try {
                return Optional.of(trainer.attach(settings.run(), lease));
            } catch (StatusRuntimeException e) {
                if (!TrainerClient.isTransient(e)) {
                    refused.accept("the trainer refuses the worker: " + e.getMessage());
                    return Optional.empty();
                }
                String reason = e.getMessage();
                if (!reason.equals(reported)) {
                    AgentLog.line("cannot attach to the trainer: " + reason + "; trying again");
                    reported = reason;
                }
            }
            boolean _ = stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
        return Optional.empty();
    }

    /** Fetches the checkpoints; returns false if the agent was stopped before. */
    boolean fetch(ArtifactStore store, RunDirectory directory, AttachRunWorkerResponse attached)
            throws InterruptedException {
        long pause = FIRST_PAUSE_MILLIS;
        while (isActive()) {
            try {
                LocalRun.fetchCheckpoints(store, directory, attached);
                return true;
            } catch (UnreadableArtifactException e) {
                AgentLog.line("cannot fetch checkpoints: " + e.getMessage() + "; trying again");
            }
            boolean _ = stop.await(pause, TimeUnit.MILLISECONDS);
            pause = Math.min(2 * pause, MAX_PAUSE_MILLIS);
        }
        return false;
    }

    /** Returns the launcher of the process. */
    JavaWorkerLauncher launcher(RunWorkerProcess process) {
        List<String> arguments = new ArrayList<>(process.getArgumentsList());
        arguments.add("-D" + Worker.CALIBRATION + "=" + settings.home());
        arguments.add("-D" + Machine.COUNT + "=" + settings.group().ranks());
        settings.artifacts().address().ifPresent(url -> arguments.add("-D" + Worker.ARTIFACTS_URL + "=" + url));
        if (!process.getDeviceTable().isEmpty()) {
            arguments.add("-D" + Worker.DEVICE_TABLE + "="
                    + LocalRun.writeDeviceTable(settings.home(), process.getDeviceTable()));
        }
        return new JavaWorkerLauncher(
                settings.home(), settings.artifacts().directory(), process.getHeap(), arguments, MpiLauncher.HYDRA);
    }

    private boolean isActive() {
        return stop.getCount() > 0 && active.getAsBoolean();
    }
}
