package io.rootstock.trainer.pod;

import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.ProcessWorker;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.v1.MeetRunRanksResponse;
import io.rootstock.trainer.v1.RunWorkerExit;
import io.rootstock.trainer.v1.RunWorkerOutcome;
import io.rootstock.trainer.v1.RunWorkerOutcomeKind;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One attempt of a run by rank 0's agent: runs the worker to its end and reports its events, then its end.
 *
 * @param settings settings of the agent
 * @param stop counted down by SIGTERM
 * @param trainer the trainer
 * @param directory directory of the run on this machine
 * @param reports the worker's events
 * @param lease lease of the run
 */
record Attempt(
        AgentSettings settings,
        CountDownLatch stop,
        TrainerClient trainer,
        RunDirectory directory,
        EventReports reports,
        RunLease lease) {
    private static final long LOOK_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 5_000;
    private static final int MAX_OUTPUT_LENGTH = 16 << 10;
    /** Exit code of a process that SIGKILL has ended. */
    private static final int KILLED = 128 + 9;
    /** Time for which rank 0 waits for the ends of the other ranks. */
    private static final Duration OTHERS = Duration.ofSeconds(5);

    /** Runs the worker, of several ranks together with the agents of the others; returns its end, which is reported. */
    RunWorkerExit run(JavaWorkerLauncher launcher) throws InterruptedException {
        if (settings.group().ranks() == 1) {
            return reported(train(launcher, Optional.empty()));
        }
        try (RankCalls ranks = RankCalls.start(trainer, settings.run(), settings.group(), lease.number())) {
            ranks.ready();
            AgentLog.line("waits for " + (settings.group().ranks() - 1) + " other ranks");
            boolean complete = ranks.await(
                    MeetRunRanksResponse::getComplete,
                    () -> lease.state() != RunLease.State.LOST
                            && !stopRequested()
                            && !isOtherStopping(Optional.of(ranks)));
            RunWorkerExit exit = stoppedBefore();
            if (complete) {
                exit = train(new RankLauncher(launcher, ranks, settings.group()), Optional.of(ranks));
            } else {
                ranks.end().ifPresent(lease::lose);
            }
            RunWorkerExit _ = reported(exit);
            ranks.ended(exit.getKilledForMemory());
            return exit;
        }
    }

    /** Reports the end of the worker after its events, unless the lease is lost. */
    RunWorkerExit reported(RunWorkerExit exit) throws InterruptedException {
        while (lease.state() != RunLease.State.LOST
                && !(reports.report() == EventReports.Result.COMPLETE && reports.report(exit))) {
            Thread.sleep(LOOK_MILLIS * 5);
        }
        return exit;
    }

    private boolean stopRequested() {
        return stop.getCount() == 0;
    }

    /** Runs the worker to its end and reports its events meanwhile; returns its end. */
    private RunWorkerExit train(ProcessWorker.Launcher launcher, Optional<RankCalls> ranks)
            throws InterruptedException {
        TrainingProcess training = TrainingProcess.start(
                launcher, directory, lease, settings.hang(), settings.group().ranks());
        CountDownLatch done = new CountDownLatch(1);
        Thread reporting = Thread.ofPlatform().daemon().name("reports").start(() -> report(done));
        try {
            while (training.watch(stopRequested() || isOtherStopping(ranks))) {
                ranks.flatMap(RankCalls::end).ifPresent(training::end);
                ranks.ifPresent(calls -> calls.report(false, training.isSuspended()));
                Thread.sleep(LOOK_MILLIS);
            }
        } finally {
            training.kill();
            done.countDown();
            reporting.join();
        }
        Optional<WorkerOutcome> outcome = WorkerOutcome.read(directory);
        boolean group = ranks.isPresent() && outcome.isEmpty();
        boolean killed = group
                ? (training.killedForMemory() && RankLauncher.wasKilled(directory))
                        || wasOtherKilledForMemory(ranks.get())
                : training.killedForMemory();
        String output = training.output();
        RunWorkerExit.Builder exit = RunWorkerExit.newBuilder()
                .setExitCode(group && killed ? KILLED : training.exitCode())
                .setKilledForMemory(killed)
                .setOutput(output.substring(Math.max(0, output.length() - MAX_OUTPUT_LENGTH)));
        outcome.map(Attempt::outcome).ifPresent(exit::setOutcome);
        AgentLog.line("the worker has ended with exit code " + exit.getExitCode()
                + (exit.hasOutcome() ? "" : "; the end of its output:\n" + exit.getOutput()));
        return exit.build();
    }

    private static boolean isOtherStopping(Optional<RankCalls> ranks) {
        return ranks.filter(calls -> calls.answer().getStopping()).isPresent();
    }

    /** After a failure of the group: whether another rank reports, within a few seconds, that it was killed for lack of memory. */
    private static boolean wasOtherKilledForMemory(RankCalls ranks) throws InterruptedException {
        long start = System.nanoTime();
        boolean _ = ranks.await(
                answer -> answer.getOthersEnded() || answer.getKilledForMemory(),
                () -> System.nanoTime() - start < OTHERS.toNanos());
        return ranks.answer().getKilledForMemory();
    }

    /** Reports events until the worker is done: in a thread of its own, because an upload may take long. */
    private void report(CountDownLatch done) {
        long pause = LOOK_MILLIS;
        try {
            while (lease.state() != RunLease.State.LOST) {
                pause = switch (reports.report()) {
                    case MORE -> 0;
                    case COMPLETE -> LOOK_MILLIS;
                    case FAILED -> Math.clamp(2 * pause, LOOK_MILLIS, MAX_PAUSE_MILLIS);
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

    /** The end of a worker that was stopped before it was started. */
    static RunWorkerExit stoppedBefore() {
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
