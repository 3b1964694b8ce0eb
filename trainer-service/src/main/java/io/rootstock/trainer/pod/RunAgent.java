package io.rootstock.trainer.pod;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.registry.v1.RunLeaseServiceGrpc;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.ReportRunWorkerRequest;
import io.rootstock.trainer.v1.RunWorkerExit;
import io.rootstock.trainer.v1.RunWorkerOutcome;
import io.rootstock.trainer.v1.RunWorkerOutcomeKind;
import io.rootstock.trainer.v1.RunWorkerProcess;
import io.rootstock.trainer.v1.RunWorkerServiceGrpc;
import io.rootstock.trainer.worker.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Main class of the process that runs a worker apart from the trainer. Its settings are environment variables
 * ({@link AgentSettings}).
 *
 * <p>Exit codes: 0: the worker has succeeded or was stopped; {@link WorkerOutcome.Kind#FAILED}: the run failed; 6: the lease was
 * lost; otherwise the worker's exit code. On SIGTERM the worker writes a checkpoint, which is stored and reported first.
 */
public final class RunAgent {
    private static final int LEASE_LOST = 6;
    private static final int CRASHED = 1;
    private static final long LOOK_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final int LONGEST_OUTPUT = 16 << 10;

    private final AgentSettings settings;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int exitCode = CRASHED;

    private RunAgent(AgentSettings settings) {
        this.settings = settings;
    }

    /** Runs until the worker has ended and its end is reported, or the lease is lost. */
    public static void main(String[] arguments) throws InterruptedException {
        RunAgent agent;
        try {
            agent = new RunAgent(AgentSettings.read());
        } catch (IllegalArgumentException e) {
            AgentLog.line(e.getMessage());
            System.exit(2);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(agent::stop, "stop"));
        try {
            agent.exitCode = agent.run();
        } catch (RuntimeException | Error e) {
            e.printStackTrace(System.err);
        } finally {
            agent.ended.countDown();
        }
        System.exit(agent.exitCode);
    }

    /** Shutdown hook: after a signal the process exits once the worker's end is reported. */
    private void stop() {
        stop.countDown();
        try {
            if (ended.await(settings.grace().toMillis(), TimeUnit.MILLISECONDS)) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean stopRequested() {
        return stop.getCount() == 0;
    }

    private int run() throws InterruptedException {
        ManagedChannel registry = settings.open(settings.registry(), RunLeaseServiceGrpc.getServiceDescriptor());
        ManagedChannel trainer = settings.open(settings.trainer(), RunWorkerServiceGrpc.getServiceDescriptor());
        try {
            Optional<RunLease> acquired = RunLease.acquire(registry, settings.run(), settings.holder(), stop);
            if (acquired.isEmpty()) {
                return 0;
            }
            try (RunLease lease = acquired.get()) {
                AgentLog.line(settings.holder() + " has lease " + lease.number() + " of run " + settings.run());
                return run(new TrainerClient(trainer), lease);
            }
        } finally {
            registry.shutdownNow();
            trainer.shutdownNow();
        }
    }

    private int run(TrainerClient trainer, RunLease lease) throws InterruptedException {
        Optional<AttachRunWorkerResponse> attached = attach(trainer, lease);
        if (attached.isEmpty()) {
            return lease.state() == RunLease.State.LOST ? LEASE_LOST : reportStop(trainer, lease);
        }
        RunDirectory directory = LocalRun.create(settings.directory(), settings.run(), attached.get());
        ArtifactStore store = settings.artifacts().open();
        CheckpointUploads uploads = new CheckpointUploads(store, directory);
        attached.get().getCheckpointsList().forEach(uploads::known);
        EventReports reports = new EventReports(
                settings.run(),
                directory,
                trainer,
                uploads,
                lease,
                attached.get().getStoredSequence());
        RunWorkerExit exit = fetch(store, directory, attached.get(), lease)
                ? train(directory, attached.get().getProcess(), reports, lease)
                : stoppedBefore();
        while (lease.state() != RunLease.State.LOST && !finished(reports, exit)) {
            Thread.sleep(LOOK_MILLIS * 5);
        }
        if (lease.state() == RunLease.State.LOST) {
            return LEASE_LOST;
        }
        if (!exit.hasOutcome()) {
            return exit.getExitCode() == 0 ? CRASHED : exit.getExitCode();
        }
        return exit.getOutcome().getKind() == RunWorkerOutcomeKind.RUN_WORKER_OUTCOME_KIND_FAILED
                ? WorkerOutcome.Kind.FAILED.exitCode()
                : 0;
    }

    /** Reports once that the worker was not started. */
    private int reportStop(TrainerClient trainer, RunLease lease) {
        try {
            long _ = trainer.report(ReportRunWorkerRequest.newBuilder()
                    .setRunId(settings.run())
                    .setLease(lease.number())
                    .setExit(stoppedBefore())
                    .build());
        } catch (StatusRuntimeException e) {
            AgentLog.line("the stop cannot be reported: " + e.getMessage());
        }
        return 0;
    }

    private static boolean finished(EventReports reports, RunWorkerExit exit) {
        return reports.report() == EventReports.Result.COMPLETE && reports.report(exit);
    }

    /** Attaches to the trainer; empty if stopped or refused. */
    private Optional<AttachRunWorkerResponse> attach(TrainerClient trainer, RunLease lease)
            throws InterruptedException {
        String reported = "";
        while (lease.state() != RunLease.State.LOST && !stopRequested()) {
            try {
                return Optional.of(trainer.attach(settings.run(), lease.number()));
            } catch (StatusRuntimeException e) {
                if (!TrainerClient.isTransient(e)) {
                    lease.lose("the trainer refuses the worker: " + e.getMessage());
                    return Optional.empty();
                }
                String reason = e.getMessage();
                if (!reason.equals(reported)) {
                    AgentLog.line("cannot attach to the trainer: " + reason + "; trying again");
                    reported = reason;
                }
            }
            boolean _ = stop.await(LOOK_MILLIS * 5, TimeUnit.MILLISECONDS);
        }
        return Optional.empty();
    }

    /** Fetches the checkpoints; returns false if stopped or the lease was lost before. */
    private boolean fetch(ArtifactStore store, RunDirectory directory, AttachRunWorkerResponse attached, RunLease lease)
            throws InterruptedException {
        long pause = LOOK_MILLIS;
        while (lease.state() != RunLease.State.LOST && !stopRequested()) {
            try {
                LocalRun.fetchCheckpoints(store, directory, attached);
                return true;
            } catch (UnreadableArtifactException e) {
                AgentLog.line("cannot fetch checkpoints: " + e.getMessage() + "; trying again");
            }
            boolean _ = stop.await(pause, TimeUnit.MILLISECONDS);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
        return false;
    }

    /** Runs the worker to its end and reports its events meanwhile; returns its end. */
    private RunWorkerExit train(RunDirectory directory, RunWorkerProcess process, EventReports reports, RunLease lease)
            throws InterruptedException {
        TrainingProcess training = TrainingProcess.start(launcher(process), directory, lease, settings.hang());
        CountDownLatch done = new CountDownLatch(1);
        Thread reporting = Thread.ofPlatform().daemon().name("reports").start(() -> report(reports, lease, done));
        try {
            while (training.watch(stopRequested())) {
                Thread.sleep(LOOK_MILLIS);
            }
        } finally {
            training.kill();
            done.countDown();
            reporting.join();
        }
        String output = training.output();
        RunWorkerExit.Builder exit = RunWorkerExit.newBuilder()
                .setExitCode(training.exitCode())
                .setKilledForMemory(training.killedForMemory())
                .setOutput(output.substring(Math.max(0, output.length() - LONGEST_OUTPUT)));
        WorkerOutcome.read(directory).map(RunAgent::outcome).ifPresent(exit::setOutcome);
        AgentLog.line("the worker has ended with exit code " + exit.getExitCode()
                + (exit.hasOutcome() ? "" : "; the end of its output:\n" + exit.getOutput()));
        return exit.build();
    }

    /** Reports events until the worker is done: in a thread of its own, because an upload may take long. */
    private void report(EventReports reports, RunLease lease, CountDownLatch done) {
        long pause = LOOK_MILLIS;
        try {
            while (lease.state() != RunLease.State.LOST) {
                pause = switch (reports.report()) {
                    case MORE -> 0;
                    case COMPLETE -> LOOK_MILLIS;
                    case FAILED -> Math.clamp(2 * pause, LOOK_MILLIS, LONGEST_PAUSE_MILLIS);
                };
                if (done.await(pause, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // Reported again by the main thread after the worker's end, where the failure ends the agent.
            AgentLog.line("events cannot be reported: " + e);
            stop.countDown();
        }
    }

    private JavaWorkerLauncher launcher(RunWorkerProcess process) {
        List<String> arguments = new ArrayList<>(process.getArgumentsList());
        arguments.add("-D" + Worker.CALIBRATION + "=" + settings.home());
        settings.artifacts().address().ifPresent(url -> arguments.add("-D" + Worker.ARTIFACTS_URL + "=" + url));
        if (!process.getDeviceTable().isEmpty()) {
            arguments.add("-D" + Worker.DEVICE_TABLE + "="
                    + LocalRun.writeDeviceTable(settings.home(), process.getDeviceTable()));
        }
        return new JavaWorkerLauncher(
                settings.home(), settings.artifacts().directory(), process.getHeap(), arguments, MpiLauncher.HYDRA);
    }

    private static RunWorkerExit stoppedBefore() {
        return RunWorkerExit.newBuilder()
                .setExitCode(WorkerOutcome.Kind.STOPPED.exitCode())
                .setOutcome(RunWorkerOutcome.newBuilder()
                        .setKind(RunWorkerOutcomeKind.RUN_WORKER_OUTCOME_KIND_STOPPED)
                        .setMessage("stopped before it trained"))
                .build();
    }

    private static RunWorkerOutcome outcome(WorkerOutcome outcome) {
        return RunWorkerOutcome.newBuilder()
                .setKind(
                        switch (outcome.kind()) {
                            case SUCCEEDED -> RunWorkerOutcomeKind.RUN_WORKER_OUTCOME_KIND_SUCCEEDED;
                            case STOPPED -> RunWorkerOutcomeKind.RUN_WORKER_OUTCOME_KIND_STOPPED;
                            case FAILED -> RunWorkerOutcomeKind.RUN_WORKER_OUTCOME_KIND_FAILED;
                        })
                .setMessage(outcome.message())
                .build();
    }
}
