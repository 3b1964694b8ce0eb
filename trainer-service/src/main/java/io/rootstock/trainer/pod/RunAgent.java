package io.rootstock.trainer.pod;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.registry.v1.RunLeaseServiceGrpc;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.ReportRunWorkerRequest;
import io.rootstock.trainer.v1.RunWorkerExit;
import io.rootstock.trainer.v1.RunWorkerOutcomeKind;
import io.rootstock.trainer.v1.RunWorkerServiceGrpc;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Main class of the process that runs a worker apart from the trainer. Its settings are environment variables
 * ({@link AgentSettings}).
 *
 * <p>Exit codes: 0: the worker has succeeded or was stopped; {@link WorkerOutcome.Kind#FAILED}: the run failed; 6: the lease was
 * lost; otherwise the worker's exit code. The agent of a rank other than 0 exits with 0 if rank 0 has reported the end of the
 * worker. On SIGTERM the worker writes a checkpoint, which is stored and reported first.
 */
public final class RunAgent {
    private static final int LEASE_LOST = 6;
    private static final int CRASHED = 1;

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

    private int run() throws InterruptedException {
        ManagedChannel registry = settings.open(settings.registry(), RunLeaseServiceGrpc.getServiceDescriptor());
        ManagedChannel trainer = settings.open(settings.trainer(), RunWorkerServiceGrpc.getServiceDescriptor());
        try {
            TrainerClient client = new TrainerClient(trainer);
            if (settings.group().rank() > 0) {
                return new RankAgent(settings, stop).run(client);
            }
            Optional<RunLease> acquired = RunLease.acquire(registry, settings.run(), settings.holder(), stop);
            if (acquired.isEmpty()) {
                return 0;
            }
            try (RunLease lease = acquired.get()) {
                AgentLog.line(settings.holder() + " has lease " + lease.number() + " of run " + settings.run());
                return run(client, lease);
            }
        } finally {
            registry.shutdownNow();
            trainer.shutdownNow();
        }
    }

    private int run(TrainerClient trainer, RunLease lease) throws InterruptedException {
        Preparation preparation = new Preparation(settings, stop, () -> lease.state() != RunLease.State.LOST);
        Optional<AttachRunWorkerResponse> attached = preparation.attach(trainer, lease.number(), lease::lose);
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
        Attempt attempt = new Attempt(settings, stop, trainer, directory, reports, lease);
        RunWorkerExit exit = preparation.fetch(store, directory, attached.get())
                ? attempt.run(preparation.launcher(attached.get().getProcess()))
                : attempt.reported(Attempt.stoppedBefore());
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
                    .setExit(Attempt.stoppedBefore())
                    .build());
        } catch (StatusRuntimeException e) {
            AgentLog.line("the stop cannot be reported: " + e.getMessage());
        }
        return 0;
    }
}
