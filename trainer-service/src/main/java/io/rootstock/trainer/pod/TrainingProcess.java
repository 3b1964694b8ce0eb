package io.rootstock.trainer.pod;

import io.rootstock.trainer.run.ProcessWorker;
import io.rootstock.trainer.run.RunDirectory;
import java.time.Duration;

/**
 * The worker as a child process. It is suspended while the lease is over, so that it neither computes nor writes, and continues
 * where it was if the lease can be renewed; it is killed when the lease is lost, or when it has written no event for a time.
 */
final class TrainingProcess {
    /** Exit code of a worker that was ended because it wrote no event. */
    private static final int HUNG = 1;

    private final ProcessWorker worker;
    private final Process process;
    private final RunDirectory directory;
    private final RunLease lease;
    private final Duration hang;
    private long size;
    private long grown = System.nanoTime();
    private boolean suspended;
    private boolean stopped;
    private boolean hung;

    private TrainingProcess(ProcessWorker worker, RunDirectory directory, RunLease lease, Duration hang) {
        this.worker = worker;
        this.process = worker.process().orElseThrow();
        this.directory = directory;
        this.lease = lease;
        this.hang = hang;
    }

    /** Starts the worker. */
    static TrainingProcess start(
            ProcessWorker.Launcher launcher, RunDirectory directory, RunLease lease, Duration hang) {
        return new TrainingProcess(ProcessWorker.start(launcher, directory, 1), directory, lease, hang);
    }

    /**
     * Looks once at the lease and the worker's events; called several times a second.
     *
     * @param stop whether the worker shall write a checkpoint and end
     * @return whether the worker is alive
     */
    boolean watch(boolean stop) {
        if (!process.isAlive()) {
            return false;
        }
        switch (lease.state()) {
            case LOST -> {
                kill();
                return true;
            }
            case OVER -> suspend();
            case HELD -> {
                resume();
                if (stop && !stopped) {
                    stopped = true;
                    worker.stop();
                }
                endIfHung();
            }
        }
        return true;
    }

    /** Ends the worker and the processes that it started, and waits for its end. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Exit code after the end. */
    int exitCode() {
        return hung ? HUNG : worker.exitCode().orElse(HUNG);
    }

    boolean killedForMemory() {
        return !hung && worker.killedForMemory();
    }

    /** Output after the end. */
    String output() {
        return worker.output() + (hung ? "\nended by its agent: no event for " + hang.toSeconds() + " s" : "");
    }

    private void suspend() {
        if (!suspended) {
            AgentLog.line("the lease is over; the worker is suspended until it is renewed");
            Signals.suspend(process.pid());
            suspended = true;
        }
    }

    private void resume() {
        if (suspended) {
            AgentLog.line("the lease is renewed; the worker continues");
            Signals.resume(process.pid());
            suspended = false;
            grown = System.nanoTime();
        }
    }

    private void endIfHung() {
        long length = directory.events().toFile().length();
        if (length != size) {
            size = length;
            grown = System.nanoTime();
        } else if (System.nanoTime() - grown > hang.toNanos()) {
            AgentLog.line("the worker has written no event for " + hang.toSeconds() + " s and is ended");
            hung = true;
            kill();
        }
    }
}
