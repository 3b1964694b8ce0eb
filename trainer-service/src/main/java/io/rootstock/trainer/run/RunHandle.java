package io.rootstock.trainer.run;

import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunStateChanged;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A run in the service's memory: its record, its event log, and its worker while there is one. */
final class RunHandle {
    private static final int ERROR_LINES = 3;

    private final RunDirectory directory;
    private final RunSpec spec;
    private final EventLog events;
    private RunRecord state;
    private Process process;
    /** Processes that the kernel had killed for memory when the worker started. */
    private long kernelKillsBefore;
    /** What earlier workers printed, bytes. */
    private long wordsBefore;

    RunHandle(RunDirectory directory) {
        this.directory = directory;
        this.spec = directory.readSpec();
        this.events = EventLog.open(directory.events());
        this.state = RunRecord.read(directory.state());
    }

    RunDirectory directory() {
        return directory;
    }

    RunSpec spec() {
        return spec;
    }

    synchronized RunRecord state() {
        return state;
    }

    /** Writes the record, then tells of the new state. */
    synchronized void become(RunRecord next) {
        boolean changed = next.state() != state.state();
        state = next;
        next.write(directory.state());
        if (changed) {
            announce();
        }
    }

    /** Tells of the state: of a new run, and of one whose service died between record and event. */
    synchronized void announce() {
        events.appendDurably(RunEvent.newBuilder()
                .setStateChanged(
                        RunStateChanged.newBuilder().setState(state.state()).setMessage(state.message())));
    }

    /** The state told last, as a restarted service finds it. */
    RunState announced() {
        RunState last = RunState.RUN_STATE_UNSPECIFIED;
        for (RunEvent event : EventLog.readAll(directory.events())) {
            if (event.hasStateChanged()) {
                last = event.getStateChanged().getState();
            }
        }
        return last;
    }

    /** Processes of the next worker. */
    int ranks() {
        int resumedWith = state().ranks();
        return resumedWith > 0
                ? resumedWith
                : Math.max(1, spec.getHyperparameters().getRanks());
    }

    /** Starts a worker. */
    synchronized void launch(WorkerLauncher launcher) {
        wordsBefore = directory.workerErrors().toFile().length();
        kernelKillsBefore = KernelKills.count();
        process = launcher.launch(directory, ranks());
    }

    /** Whether a worker lives: one that was started here and has perhaps no lease yet, or any that holds the lease. */
    synchronized boolean workerLives() {
        return (process != null && process.isAlive()) || !WorkerLock.isFree(directory.lock());
    }

    /** Sends SIGTERM, or SIGKILL. */
    synchronized void signal(boolean kill) {
        // The holder first: of several processes it is the one that writes the checkpoint, and their launcher kills the
        // others when it ends.
        ProcessHandle handle = WorkerLock.holder(directory.lock())
                .orElse(process != null && process.isAlive() ? process.toHandle() : null);
        if (handle != null && kill) {
            handle.destroyForcibly();
        } else if (handle != null) {
            handle.destroy();
        }
    }

    long newestCheckpoint() {
        List<Long> steps = new Checkpoints(directory.checkpoints()).steps();
        return steps.isEmpty() ? -1 : steps.getFirst();
    }

    /** Exit code of the last worker, where it was started here and has ended. */
    synchronized Optional<Integer> exitCode() {
        return process == null || process.isAlive() ? Optional.empty() : Optional.of(process.exitValue());
    }

    /** Whether the kernel killed a process for memory, this worker most likely, since the worker started. */
    synchronized boolean kernelKilled() {
        return process != null && KernelKills.count() > kernelKillsBefore;
    }

    /** The last lines of what a worker printed, for people. What every JVM with the Vector API says first is none. */
    static String lastWords(String words) {
        List<String> lines = words.lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                .toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - ERROR_LINES), lines.size()));
    }

    /** What the last worker printed. */
    String words() {
        Path file = directory.workerErrors();
        try {
            byte[] all = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            int from = (int) Math.min(wordsBefore, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(its output cannot be read: " + e + ")";
        }
    }

    Run toRun(int queuePosition) {
        RunRecord current = state();
        return Run.newBuilder()
                .setRunId(directory.runId())
                .setSpec(spec)
                .setState(current.state())
                .setMessage(current.message())
                .setLastSequence(events.lastSequence())
                .setQueuePosition(queuePosition)
                .build();
    }

    void close() {
        events.close();
    }
}
