package io.rootstock.trainer.run;

import com.google.protobuf.util.Timestamps;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.checkpoint.StoredCheckpoints;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.events.EventReader;
import io.rootstock.trainer.run.RunRecord.DesiredState;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunStateChanged;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * A run in the service: its record, its event log, and its worker, if any. The log of a run that has ended is not
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

    private WorkerHandle worker;
    /** Whether the service ended the last worker for lack of memory. */
    private boolean endedForMemory;
    /** Null until needed. */
    private List<RunCheckpoint> storedCheckpoints;
    /** Time of the newest stored checkpoint, epoch milliseconds; 0: none. */
    private long storedMillis;

    private final WorkerReports reports = new WorkerReports(this);

    /** @param launcher finds the run's worker */
    RunHandle(RunDirectory directory, WorkerLauncher launcher) {
        this.directory = directory;
        this.state = RunRecord.read(directory.state());
        this.worker = launcher.find(directory);
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
        if (RunRecord.isFinal(state.state())) {
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
        for (RunEvent event : events()) {
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

    /**
     * Cancels a run; a running worker is stopped.
     *
     * @throws RunConflictException if it has ended otherwise
     */
    synchronized void cancel() {
        switch (state.state()) {
            case RUN_STATE_RUNNING -> {
                become(state.withDesired(DesiredState.CANCELLED));
                signal(false);
            }
            case RUN_STATE_QUEUED, RUN_STATE_PAUSED, RUN_STATE_NEEDS_RECOVERY ->
                become(state.withDesired(DesiredState.CANCELLED).in(RunState.RUN_STATE_CANCELLED, "cancelled"));
            case RUN_STATE_SUCCEEDED, RUN_STATE_FAILED -> throw wrongState("has ended");
            case RUN_STATE_CANCELLED, RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> {}
        }
    }

    /**
     * Pauses a run; a running worker writes a checkpoint and stops.
     *
     * @throws RunConflictException if it neither runs nor waits
     */
    synchronized void pause() {
        switch (state.state()) {
            case RUN_STATE_RUNNING -> {
                if (state.desiredState() == DesiredState.CANCELLED) {
                    throw wrongState("is being cancelled");
                }
                become(state.withDesired(DesiredState.PAUSED));
                signal(false);
            }
            case RUN_STATE_QUEUED ->
                become(state.withDesired(DesiredState.PAUSED).in(RunState.RUN_STATE_PAUSED, "paused while waiting"));
            case RUN_STATE_PAUSED -> {}
            case RUN_STATE_NEEDS_RECOVERY,
                    RUN_STATE_SUCCEEDED,
                    RUN_STATE_FAILED,
                    RUN_STATE_CANCELLED,
                    RUN_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> throw wrongState("is not running");
        }
    }

    /**
     * Queues a stopped run; it resumes from its newest checkpoint.
     *
     * @param ranks number of processes; 0: as before
     * @throws RunConflictException if it has succeeded, or is still stopping
     */
    synchronized void resume(int ranks) {
        switch (state.state()) {
            case RUN_STATE_PAUSED, RUN_STATE_NEEDS_RECOVERY, RUN_STATE_FAILED, RUN_STATE_CANCELLED ->
                become(state.queuedAgain(System.currentTimeMillis(), "resumed", ranks > 0 ? ranks : state.ranks()));
            case RUN_STATE_QUEUED -> {}
            case RUN_STATE_RUNNING -> {
                if (state.desiredState() != DesiredState.RUNNING) {
                    throw wrongState("is still stopping");
                }
            }
            case RUN_STATE_SUCCEEDED, RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> throw wrongState("has succeeded");
        }
    }

    /** Returns the error of a call that the run's state does not permit. */
    RunConflictException wrongState(String why) {
        return new RunConflictException(
                RunConflictException.Kind.WRONG_STATE,
                "run " + directory.runId() + " " + why + " (" + state().state() + ")");
    }

    synchronized void launch(WorkerLauncher launcher) {
        long local = localCheckpoint();
        long stored = storedCheckpoint();
        if (launcher.isRemote() ? local > stored : stored > local) {
            throw new IllegalStateException("its checkpoint of step " + Math.max(local, stored) + " is "
                    + (launcher.isRemote() ? "on the trainer's disk" : "in the artifact store")
                    + ", where such a worker cannot read it; hint: start the trainer with ROOTSTOCK_TRAINER_LAUNCHER="
                    + (launcher.isRemote() ? "process" : "kubernetes") + ", then resume the run");
        }
        endedForMemory = false;
        WorkerReports.Exit.clear(directory);
        worker = launcher.launch(directory, ranks());
    }

    /** Whether a worker is or may be running. */
    synchronized boolean workerLives() {
        return worker.isAlive();
    }

    /** Description of the worker, for users. */
    synchronized String worker() {
        return worker.description();
    }

    /** Stops the worker at a checkpoint, or ends it at once if {@code kill} is set. */
    synchronized void signal(boolean kill) {
        if (kill) {
            worker.kill();
        } else {
            worker.stop();
        }
    }

    /** Kills the worker before the kernel kills all processes of the container. */
    synchronized void endForMemory() {
        endedForMemory = true;
        signal(true);
    }

    /** Resident memory of the worker in this service's container; 0 if none is running. */
    synchronized long workerBytes() {
        return worker.localBytes();
    }

    /** Reports of the run's remote workers. */
    WorkerReports reports() {
        return reports;
    }

    /** Reads all events. */
    List<RunEvent> events() {
        return EventLog.readAll(directory.events());
    }

    /** Appends an event of a remote worker. */
    synchronized void append(RunEvent.Builder event, boolean durable) {
        if (events == null) {
            events = EventLog.open(directory.events());
        }
        RunEvent appended = durable ? events.appendDurably(event) : events.append(event);
        if (!appended.getCheckpoint().getDigest().isEmpty()) {
            storedCheckpoints = null;
        }
    }

    /** Checkpoints in the artifact store that are not superseded, newest first. */
    synchronized List<RunCheckpoint> storedCheckpoints() {
        if (storedCheckpoints == null) {
            List<RunEvent> all = events();
            int kept = directory
                    .readResolved()
                    .map(resolved -> resolved.getHyperparameters().getCheckpointsKept())
                    .orElse(1);
            storedCheckpoints = StoredCheckpoints.of(all, kept);
            storedMillis = all.stream()
                    .filter(event -> !event.getCheckpoint().getDigest().isEmpty())
                    .mapToLong(event -> Timestamps.toMillis(event.getTime()))
                    .max()
                    .orElse(0);
        }
        return storedCheckpoints;
    }

    /**
     * Time since which a running worker may have stored artifacts that the run does not refer to yet: since its newest
     * checkpoint in the store, or since the run was queued.
     */
    synchronized Instant activity() {
        List<RunCheckpoint> _ = storedCheckpoints();
        return Instant.ofEpochMilli(Math.max(state.queuedMillis(), storedMillis));
    }

    /** Step of the newest checkpoint, on disk or in the artifact store; -1 if there is none. */
    long newestCheckpoint() {
        return Math.max(localCheckpoint(), storedCheckpoint());
    }

    /** Steps of the run's checkpoints, newest first: of the stored ones, or of those on this disk. */
    List<Long> checkpointSteps() {
        List<Long> stored =
                storedCheckpoints().stream().map(RunCheckpoint::getStep).toList();
        return stored.isEmpty() ? new Checkpoints(directory.checkpoints()).steps() : stored;
    }

    private long localCheckpoint() {
        List<Long> steps = new Checkpoints(directory.checkpoints()).steps();
        return steps.isEmpty() ? -1 : steps.getFirst();
    }

    private long storedCheckpoint() {
        List<RunCheckpoint> stored = storedCheckpoints();
        return stored.isEmpty() ? -1 : stored.getFirst().getStep();
    }

    /** Exit code of the last worker; empty if it is still running or unknown. */
    synchronized Optional<Integer> exitCode() {
        return worker.exitCode();
    }

    /**
     * Whether the worker was killed for lack of memory: by this service, or most likely by the OOM killer.
     */
    synchronized boolean killedForMemory() {
        return endedForMemory || worker.killedForMemory();
    }

    /** Returns the last lines of a worker's output, without the JVM's warning about the Vector API. */
    static String outputTail(String output) {
        List<String> lines = output.lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                .toList();
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - ERROR_LINES), lines.size()));
    }

    /** Output of the last worker. */
    synchronized String output() {
        return worker.output();
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
            directory.readExtendedCheckpoints().forEach(checkpoint -> digests.add(checkpoint.getDigest()));
        }
        storedCheckpoints().forEach(checkpoint -> digests.add(checkpoint.getDigest()));
        for (RunEvent event : events()) {
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
        if (!unannounced && RunRecord.isFinal(state.state()) && endedSequence >= 0) {
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
