package io.rootstock.trainer.pod;

import io.rootstock.collectives.MpiProxies;
import io.rootstock.trainer.run.ProcessWorker;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerLock;
import java.time.Duration;

/**
 * The worker as child processes of the agent: of several ranks, MPI's launcher and this machine's rank. It is suspended while the lease is over, so that it neither computes nor writes, and continues
 * where it was if the lease can be renewed; it is killed when the lease is lost, or when it has written no event for a time.
 */
final class TrainingProcess {
    /** Exit code of a worker that its agent has ended. */
    private static final int ENDED = 1;

    private final ProcessWorker worker;
    private final Process process;
    private final RunDirectory directory;
    private final RunLease lease;
    private final Duration hang;
    private final int ranks;
    private long size;
    private long grown = System.nanoTime();
    private boolean suspended;
    private boolean stopped;
    /** Reason for which the agent has ended the worker; empty if it has not. */
    private String ended = "";

    private TrainingProcess(ProcessWorker worker, RunDirectory directory, RunLease lease, Duration hang, int ranks) {
        this.ranks = ranks;
        this.worker = worker;
        this.process = worker.process().orElseThrow();
        this.directory = directory;
        this.lease = lease;
        this.hang = hang;
    }

    /**
     * Starts the worker.
     *
     * @param ranks number of processes
     */
    static TrainingProcess start(
            ProcessWorker.Launcher launcher, RunDirectory directory, RunLease lease, Duration hang, int ranks) {
        return new TrainingProcess(ProcessWorker.start(launcher, directory, ranks), directory, lease, hang, ranks);
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
                if (stop && !stopped && canStop()) {
                    stopped = true;
                    worker.stop();
                }
                endIfHung();
            }
        }
        return true;
    }

    /** Whether the worker is suspended. */
    boolean isSuspended() {
        return suspended;
    }

    /** Ends the worker for a reason, which is added to its output. */
    void end(String reason) {
        if (ended.isEmpty()) {
            AgentLog.line("the worker is ended: " + reason);
            ended = reason;
        }
        kill();
    }

    /** Ends the worker and the processes that it started, and waits for its end. */
    void kill() {
        ChildProcesses.kill();
        process.onExit().join();
    }

    /** Exit code after the end. */
    int exitCode() {
        return ended.isEmpty() ? worker.exitCode().orElse(ENDED) : ENDED;
    }

    boolean killedForMemory() {
        return ended.isEmpty() && worker.killedForMemory();
    }

    /** Output after the end. */
    String output() {
        return MpiProxies.withoutCommands(worker.output()) + (ended.isEmpty() ? "" : "\nended by its agent: " + ended);
    }

    /** Whether SIGTERM leads to a checkpoint: MPI's launcher, which is signalled before rank 0 has the lock, kills the ranks. */
    private boolean canStop() {
        return ranks == 1 || WorkerLock.holder(directory.lock()).isPresent();
    }

    private void suspend() {
        if (!suspended) {
            AgentLog.line("the lease is over; the worker is suspended until it is renewed");
            suspended = true;
        }
        ChildProcesses.suspend();
    }

    private void resume() {
        if (suspended) {
            AgentLog.line("the lease is renewed; the worker continues");
            ChildProcesses.resume();
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
            end("no event for " + hang.toSeconds() + " s");
        }
    }
}
