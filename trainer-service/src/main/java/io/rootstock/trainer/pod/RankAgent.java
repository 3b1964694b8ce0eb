package io.rootstock.trainer.pod;

import io.rootstock.trainer.run.ProcessWorker;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.MeetRunRanksResponse;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The agent of a rank other than 0. It has no lease, reports no events and stores no checkpoints: its process does not write
 * any. It starts the process once rank 0's launcher waits for it, suspends it with rank 0's, and ends with rank 0.
 */
final class RankAgent {
    private static final int FAILED = 1;
    private static final long LOOK_MILLIS = 100;

    private final AgentSettings settings;
    private final CountDownLatch stop;

    /** @param stop counted down by SIGTERM */
    RankAgent(AgentSettings settings, CountDownLatch stop) {
        this.settings = settings;
        this.stop = stop;
    }

    /** Runs until the process has ended and rank 0 knows; returns the exit code. */
    int run(TrainerClient trainer) throws InterruptedException {
        try (RankCalls calls = RankCalls.start(trainer, settings.run(), settings.group(), 0)) {
            Optional<RunDirectory> directory = Optional.empty();
            Preparation preparation =
                    new Preparation(settings, stop, () -> calls.end().isEmpty());
            Optional<AttachRunWorkerResponse> attached = Optional.empty();
            if (calls.await(answer -> answer.getLease() > 0, this::isActive)) {
                attached = preparation.attach(trainer, calls.answer().getLease(), AgentLog::line);
            }
            if (attached.isPresent()) {
                RunDirectory created = LocalRun.create(settings.directory(), settings.run(), attached.get());
                if (preparation.fetch(settings.artifacts().open(), created, attached.get())) {
                    calls.ready();
                    directory = Optional.of(created);
                }
            }
            if (directory.isEmpty() || !calls.await(answer -> answer.getProxyArgumentsCount() > 0, this::isActive)) {
                calls.end().ifPresent(AgentLog::line);
                calls.report(true, false);
                calls.ended(false);
                return isActive() ? FAILED : 0;
            }
            AgentLog.line("rank " + settings.group().rank() + " starts");
            RankLauncher launcher =
                    new RankLauncher(preparation.launcher(attached.get().getProcess()), calls, settings.group());
            return work(launcher, directory.get(), calls);
        }
    }

    private int work(RankLauncher launcher, RunDirectory directory, RankCalls calls) throws InterruptedException {
        ProcessWorker worker =
                ProcessWorker.start(launcher, directory, settings.group().ranks());
        Process process = worker.process().orElseThrow();
        boolean suspended = false;
        while (process.isAlive()) {
            Optional<String> end = calls.end();
            if (end.isPresent()) {
                AgentLog.line(end.get());
                ChildProcesses.kill();
                process.onExit().join();
                return FAILED;
            }
            MeetRunRanksResponse answer = calls.answer();
            if (answer.getSuspended()) {
                ChildProcesses.suspend();
            } else if (suspended) {
                ChildProcesses.resume();
            }
            suspended = answer.getSuspended();
            calls.report(!isActive(), false);
            Thread.sleep(LOOK_MILLIS);
        }
        ChildProcesses.kill();
        int exitCode = worker.exitCode().orElse(FAILED);
        boolean killed = worker.killedForMemory() && RankLauncher.wasKilled(directory);
        AgentLog.line("the process has ended with exit code " + exitCode
                + (killed ? ", after a kill for lack of memory" : ""));
        calls.ended(killed);
        if (exitCode == 0) {
            return 0;
        }
        // The Job would delete rank 0's pod after a failure of this one, while rank 0 stores a checkpoint.
        long start = System.nanoTime();
        return calls.await(
                        MeetRunRanksResponse::getEnded,
                        () -> System.nanoTime() - start < settings.grace().toNanos())
                ? 0
                : FAILED;
    }

    private boolean isActive() {
        return stop.getCount() > 0;
    }
}
