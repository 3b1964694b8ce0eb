package io.rootstock.trainer.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.files.AtomicFile;
import io.rootstock.service.Errors;
import io.rootstock.trainer.run.RunConflictException.Kind;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.ReportRunWorkerRequest;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunEventSource;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunWorkerExit;
import io.rootstock.trainer.v1.RunWorkerOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/**
 * Reports of a run's remote workers. The caller holds the run's lock.
 *
 * <p>Invariants: reports with a lease below the largest one are rejected. Each event is stored once, with its lease and its
 * position in the worker's log: after a crash between storing and answering, the position is read from the run's event log.
 */
public final class WorkerReports {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunHandle run;
    /** Lease of {@link #stored}; -1 before the first report. */
    private long storedLease = -1;
    /** Position of the last stored event in the log of the worker with this lease. */
    private long stored;

    WorkerReports(RunHandle run) {
        this.run = run;
    }

    /**
     * End of a remote worker as it reported it.
     *
     * @param exitCode exit code of its process
     * @param killedForMemory whether the kernel, most probably, killed it for lack of memory
     * @param output last lines of its output
     */
    public record Exit(int exitCode, boolean killedForMemory, String output) {
        /** Reads the end of the run's last remote worker; empty if it has not reported it. */
        public static Optional<Exit> read(RunDirectory directory) {
            try {
                return Optional.of(JSON.readValue(Files.readString(directory.exit()), Exit.class));
            } catch (NoSuchFileException none) {
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + directory.exit(), e);
            }
        }

        private void write(RunDirectory directory) {
            try {
                AtomicFile.write(directory.exit(), JSON.writeValueAsString(this));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + directory.exit(), e);
            }
        }

        static void clear(RunDirectory directory) {
            try {
                Files.deleteIfExists(directory.exit());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + directory.exit(), e);
            }
        }
    }

    /** Begins the reports of a lease; returns all that its worker needs, without the settings of the process. */
    AttachRunWorkerResponse.Builder attach(long lease) {
        begin(lease);
        requireRunning();
        RunDirectory directory = run.directory();
        AttachRunWorkerResponse.Builder response = AttachRunWorkerResponse.newBuilder()
                .setSpec(run.spec())
                .addAllCheckpoints(run.storedCheckpoints())
                .addAllExtendedCheckpoints(directory.readExtendedCheckpoints())
                .setStoredSequence(stored);
        directory.readResolved().ifPresent(response::setResolved);
        directory.readExtended().ifPresent(response::setExtended);
        return response;
    }

    /** Checks that the run is running, and that it has not had a later lease than one above 0. */
    void require(long lease) {
        if (lease > 0) {
            begin(lease);
        }
        requireRunning();
    }

    /** Stores a report; returns the position of the last stored event in the worker's log. */
    long report(ReportRunWorkerRequest request) {
        begin(request.getLease());
        List<RunEvent> missing = request.getEventsList().stream()
                .filter(event -> event.getSequence() > stored)
                .toList();
        if (missing.isEmpty() && !request.hasExit()) {
            return stored;
        }
        requireRunning();
        for (int i = 0; i < missing.size() && missing.get(i).getSequence() == stored + 1; i++) {
            store(missing.get(i), request.getLease(), i == missing.size() - 1);
        }
        if (request.hasExit() && request.getExit().getLastSequence() == stored) {
            end(request.getExit());
        }
        return stored;
    }

    private void begin(long lease) {
        long last = run.state().lease();
        if (lease < 1) {
            throw Errors.invalidArgument("lease", "must be 1 or more, was " + lease);
        }
        if (lease < last) {
            throw new RunConflictException(
                    Kind.STALE_WORKER,
                    "run " + run.directory().runId() + " has had lease " + last + ", after lease " + lease);
        }
        if (lease > last) {
            WorkerOutcome.clear(run.directory());
            Exit.clear(run.directory());
            run.become(run.state().withLease(lease));
        }
        if (storedLease != lease) {
            stored = run.events().stream()
                    .map(RunEvent::getSource)
                    .filter(source -> source.getLease() == lease)
                    .mapToLong(RunEventSource::getSequence)
                    .max()
                    .orElse(0);
            storedLease = lease;
        }
    }

    private void requireRunning() {
        RunState state = run.state().state();
        switch (state) {
            case RUN_STATE_RUNNING -> {}
            case RUN_STATE_QUEUED ->
                throw new RunConflictException(
                        Kind.NOT_YET_RUNNING, "run " + run.directory().runId() + " is queued; try again");
            case RUN_STATE_PAUSED,
                    RUN_STATE_NEEDS_RECOVERY,
                    RUN_STATE_SUCCEEDED,
                    RUN_STATE_FAILED,
                    RUN_STATE_CANCELLED,
                    RUN_STATE_UNSPECIFIED,
                    UNRECOGNIZED ->
                throw new RunConflictException(
                        Kind.STALE_WORKER, "run " + run.directory().runId() + " has no worker (" + state + ")");
        }
    }

    private void store(RunEvent event, long lease, boolean last) {
        if (event.hasStateChanged() || event.getEventCase() == RunEvent.EventCase.EVENT_NOT_SET) {
            throw Errors.invalidArgument("events", "event " + event.getSequence() + " is not an event of a worker");
        }
        if (event.hasResolved() && run.directory().readResolved().isEmpty()) {
            run.directory()
                    .writeResolved(
                            event.getResolved().toBuilder().clearStartStep().build());
        }
        run.append(
                event.toBuilder()
                        .setSource(RunEventSource.newBuilder().setLease(lease).setSequence(event.getSequence())),
                last || event.hasCheckpoint());
        stored = event.getSequence();
    }

    /** The outcome is written last: with it, the end is complete. */
    private void end(RunWorkerExit exit) {
        Optional<WorkerOutcome> outcome =
                exit.hasOutcome() ? Optional.of(outcome(exit.getOutcome())) : Optional.empty();
        new Exit(exit.getExitCode(), exit.getKilledForMemory(), exit.getOutput()).write(run.directory());
        outcome.ifPresent(result -> result.write(run.directory()));
    }

    private static WorkerOutcome outcome(RunWorkerOutcome outcome) {
        WorkerOutcome.Kind kind = switch (outcome.getKind()) {
            case RUN_WORKER_OUTCOME_KIND_SUCCEEDED -> WorkerOutcome.Kind.SUCCEEDED;
            case RUN_WORKER_OUTCOME_KIND_STOPPED -> WorkerOutcome.Kind.STOPPED;
            case RUN_WORKER_OUTCOME_KIND_FAILED -> WorkerOutcome.Kind.FAILED;
            case RUN_WORKER_OUTCOME_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw Errors.invalidArgument("exit.outcome.kind", "must be SUCCEEDED, STOPPED or FAILED");
        };
        return new WorkerOutcome(kind, outcome.getMessage());
    }
}
