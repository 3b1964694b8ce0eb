package io.rootstock.trainer.run;

import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.events.EventReader;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunStateChanged;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * A run in the service: its record, its event log, and its worker process, if any. The log of a run that has ended is not
 * kept open, and the spec is read when it is needed, because a service has many ended runs.
 */
final class RunHandle {
    private static final int ERROR_LINES = 3;

    private static final Logger LOGGER = Logger.getLogger(RunHandle.class);

    private final RunDirectory directory;
    private RunRecord state;
    /** Null until needed. */
    private RunSpec spec;
    /** Null until needed, and after the run has ended. */
    private EventLog events;
    /** Sequence number of the last event of an ended run; negative until needed. */
    private long endedSequence = -1;
    /** Whether the event log does not have the current state, because it could not be written. */
    private boolean unannounced;

    private Process process;
    /** {@link KernelKills#count()} when the worker started. */
    private long kernelKillsBefore;
    /** Whether the service ended the last worker for lack of memory. */
    private boolean endedForMemory;
    /** Bytes that earlier workers wrote to the output file. */
    private long outputStart;

    RunHandle(RunDirectory directory) {
        this.directory = directory;
        this.state = RunRecord.read(directory.state());
    }

    RunDirectory directory() {
        return directory;
    }

    synchronized RunSpec spec() {
        if (spec == null) {
            spec = directory.readSpec();
        }
        return spec;
    }

    synchronized RunRecord state() {
        return state;
    }

    /** Writes the record, then appends an event if the state changed; without effect if the record cannot be written. */
    synchronized void become(RunRecord next) {
        next.write(directory.state());
        boolean changed = next.state() != state.state();
        state = next;
        if (changed) {
            announce();
        }
    }

    /**
     * Appends an event with the current state: for a new run, or if the service died between writing the record and the
     * event. If the log cannot be written, such as on a full disk, {@link #announcePending} tries again.
     */
    synchronized void announce() {
        boolean failedBefore = unannounced;
        unannounced = true;
        try {
            append();
        } catch (UncheckedIOException e) {
            if (!failedBefore) {
                LOGGER.warnf("run %s: its state is announced later: %s", directory.runId(), e.getMessage());
            }
        }
    }

    /** Appends the event that {@link #announce} could not append, if any. */
    synchronized void announcePending() {
        if (unannounced) {
            announce();
        }
    }

    private void append() {
        if (events == null) {
            events = EventLog.open(directory.events());
        }
        RunEvent announced = events.appendDurably(RunEvent.newBuilder()
                .setStateChanged(
                        RunStateChanged.newBuilder().setState(state.state()).setMessage(state.message())));
        unannounced = false;
        endedSequence = announced.getSequence();
        if (Runs.isFinal(state.state())) {
            close();
        }
    }

    /** State of the last state event in the log. */
    RunState announced() {
        Optional<RunEvent> newest = EventReader.last(directory.events());
        if (newest.filter(RunEvent::hasStateChanged).isPresent()) {
            return newest.get().getStateChanged().getState();
        }
        RunState last = RunState.RUN_STATE_UNSPECIFIED;
        for (RunEvent event : EventLog.readAll(directory.events())) {
            if (event.hasStateChanged()) {
                last = event.getStateChanged().getState();
            }
        }
        return last;
    }

    /** Number of processes to start for the run's next worker. */
    int ranks() {
        int resumedWith = state().ranks();
        return resumedWith > 0
                ? resumedWith
                : Math.max(1, spec().getHyperparameters().getRanks());
    }

    /** Throws if the run has had a command with a larger number; records the number. */
    synchronized void requireNewest(long command) {
        long last = state.command();
        if (command > 0 && command < last) {
            throw new RunConflictException(
                    RunConflictException.Kind.STALE_COMMAND,
                    "run " + directory.runId() + " has had command " + last + ", after command " + command);
        }
        if (command > last) {
            become(state.withCommand(command));
        }
    }

    /** Returns the error of a call that the run's state does not permit. */
    RunConflictException wrongState(String why) {
        return new RunConflictException(
                RunConflictException.Kind.WRONG_STATE,
                "run " + directory.runId() + " " + why + " (" + state().state() + ")");
    }

    synchronized void launch(WorkerLauncher launcher) {
        outputStart = directory.workerErrors().toFile().length();
        kernelKillsBefore = KernelKills.count();
        endedForMemory = false;
        process = launcher.launch(directory, ranks());
    }

    /**
     * Whether a worker is running: a process started by this service, which may not hold the lock yet, or any process
     * that holds the lock.
     */
    synchronized boolean workerLives() {
        return (process != null && process.isAlive()) || !WorkerLock.isFree(directory.lock());
    }

    /** Sends the worker SIGTERM, or SIGKILL if {@code kill} is set. */
    synchronized void signal(boolean kill) {
        Optional<ProcessHandle> worker = worker();
        boolean _ = worker.isPresent()
                && (kill ? worker.get().destroyForcibly() : worker.get().destroy());
    }

    /** Kills the worker before the kernel kills all processes of the container. */
    synchronized void endForMemory() {
        endedForMemory = true;
        signal(true);
    }

    /** Resident memory of the worker; 0 if none is running. */
    synchronized long workerBytes() {
        return worker().map(handle -> ContainerMemory.residentBytes(handle.pid()))
                .orElse(0L);
    }

    private Optional<ProcessHandle> worker() {
        // Prefer the holder of the lock: of several processes it writes the checkpoint, and their launcher kills the
        // others when it exits.
        return WorkerLock.holder(directory.lock())
                .or(() -> Optional.ofNullable(process).filter(Process::isAlive).map(Process::toHandle));
    }

    long newestCheckpoint() {
        List<Long> steps = new Checkpoints(directory.checkpoints()).steps();
        return steps.isEmpty() ? -1 : steps.getFirst();
    }

    /** Exit code of the last worker; empty if it is still running or another service started it. */
    synchronized Optional<Integer> exitCode() {
        return process == null || process.isAlive() ? Optional.empty() : Optional.of(process.exitValue());
    }

    /**
     * Whether the worker was killed for lack of memory: by this service, or most likely by the OOM killer, which has ended a
     * process since the worker started.
     */
    synchronized boolean killedForMemory() {
        return endedForMemory || (process != null && KernelKills.count() > kernelKillsBefore);
    }

    /** Returns the last lines of a worker's output, without the JVM's warning about the Vector API. */
    static String outputTail(String output) {
        List<String> lines = output.lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                .toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - ERROR_LINES), lines.size()));
    }

    /** Output of the last worker. */
    String output() {
        Path file = directory.workerErrors();
        try {
            byte[] all = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            int from = (int) Math.min(outputStart, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(its output cannot be read: " + e + ")";
        }
    }

    /** Digests of the artifacts that the run needs: those of its spec until it has succeeded, and its results. */
    List<String> references() {
        List<String> digests = new ArrayList<>();
        if (state().state() != RunState.RUN_STATE_SUCCEEDED) {
            RunSpec asked = spec();
            digests.addAll(List.of(
                    asked.getDatasetDigest(),
                    asked.getBaseDigest(),
                    asked.getBaseGgufDigest(),
                    asked.getAdapterDigest()));
            asked.getMixture().getSourcesList().forEach(source -> digests.add(source.getDatasetDigest()));
            digests.removeIf(String::isEmpty);
        }
        for (RunEvent event : EventLog.readAll(directory.events())) {
            event.getArtifacts().getArtifactsList().forEach(artifact -> digests.add(artifact.getDigest()));
        }
        return digests;
    }

    Run toRun(int queuePosition) {
        RunRecord current = state();
        return Run.newBuilder()
                .setRunId(directory.runId())
                .setSpec(spec())
                .setState(current.state())
                .setMessage(current.message())
                .setLastSequence(lastSequence())
                .setQueuePosition(queuePosition)
                .build();
    }

    /** Sequence number of the last event, also of one that is to be appended yet: a reader waits for it. */
    private synchronized long lastSequence() {
        if (!unannounced && Runs.isFinal(state.state()) && endedSequence >= 0) {
            return endedSequence;
        }
        endedSequence =
                EventReader.last(directory.events()).map(RunEvent::getSequence).orElse(0L);
        return unannounced ? endedSequence + 1 : endedSequence;
    }

    synchronized void close() {
        if (events != null) {
            events.close();
            events = null;
        }
    }

    RunSummary summary() {
        RunRecord current = state();
        return new RunSummary(directory.runId(), current.state(), Instant.ofEpochMilli(current.createdMillis()));
    }
}
