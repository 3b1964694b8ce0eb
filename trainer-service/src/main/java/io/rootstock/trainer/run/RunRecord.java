package io.rootstock.trainer.run;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.files.AtomicFile;
import io.rootstock.trainer.v1.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The service's record of a run, {@code state.json}. It is authoritative for the run's state and written before the
 * corresponding event.
 *
 * @param state the run's state
 * @param message reason for the state
 * @param createdMillis creation time, epoch milliseconds
 * @param queuedMillis time at which the run was last queued, epoch milliseconds; determines the order of the queue
 * @param desiredState state that was last requested; a running worker is stopped to reach another one
 * @param failures consecutive worker failures without a new checkpoint
 * @param checkpointStep newest checkpoint at the last failure; -1 before the first
 * @param ranks number of processes requested by the last resume; 0: the spec's number
 * @param command largest number of a command; 0: none was numbered
 * @param lease largest lease number of a remote worker; 0: it has had none
 * @param dueMillis time before which a queued run gets no worker, epoch milliseconds; 0: it gets one at once
 */
record RunRecord(
        RunState state,
        String message,
        long createdMillis,
        long queuedMillis,
        DesiredState desiredState,
        int failures,
        long checkpointStep,
        int ranks,
        long command,
        long lease,
        long dueMillis) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    /** State that was last requested for a run. */
    enum DesiredState {
        /** The worker continues. */
        RUNNING,
        /** The worker writes a checkpoint and stops. */
        PAUSED,
        /** The worker stops. */
        CANCELLED
    }

    static RunRecord queued(long nowMillis) {
        return new RunRecord(
                RunState.RUN_STATE_QUEUED,
                "waits for a worker",
                nowMillis,
                nowMillis,
                DesiredState.RUNNING,
                0,
                -1,
                0,
                0,
                0,
                0);
    }

    RunRecord in(RunState newState, String why) {
        return new RunRecord(
                newState,
                why,
                createdMillis,
                queuedMillis,
                desiredState,
                failures,
                checkpointStep,
                ranks,
                command,
                lease,
                dueMillis);
    }

    RunRecord withDesired(DesiredState newDesiredState) {
        return new RunRecord(
                state,
                message,
                createdMillis,
                queuedMillis,
                newDesiredState,
                failures,
                checkpointStep,
                ranks,
                command,
                lease,
                dueMillis);
    }

    RunRecord withCommand(long newCommand) {
        return new RunRecord(
                state,
                message,
                createdMillis,
                queuedMillis,
                desiredState,
                failures,
                checkpointStep,
                ranks,
                newCommand,
                lease,
                dueMillis);
    }

    RunRecord withLease(long newLease) {
        return new RunRecord(
                state,
                message,
                createdMillis,
                queuedMillis,
                desiredState,
                failures,
                checkpointStep,
                ranks,
                command,
                newLease,
                dueMillis);
    }

    RunRecord failed(int newFailures, long step) {
        return new RunRecord(
                state,
                message,
                createdMillis,
                queuedMillis,
                desiredState,
                newFailures,
                step,
                ranks,
                command,
                lease,
                dueMillis);
    }

    RunRecord due(long newDueMillis) {
        return new RunRecord(
                state,
                message,
                createdMillis,
                queuedMillis,
                desiredState,
                failures,
                checkpointStep,
                ranks,
                command,
                lease,
                newDueMillis);
    }

    RunRecord queuedAgain(long nowMillis, String why, int newRanks) {
        return new RunRecord(
                RunState.RUN_STATE_QUEUED,
                why,
                createdMillis,
                nowMillis,
                DesiredState.RUNNING,
                0,
                checkpointStep,
                newRanks,
                command,
                lease,
                0);
    }

    static RunRecord read(Path file) {
        try {
            ObjectNode record = (ObjectNode) JSON.readTree(Files.readString(file));
            // Records written before runs could have several processes.
            record.putIfAbsent("ranks", IntNode.valueOf(0));
            // Records written before commands had numbers.
            record.putIfAbsent("command", IntNode.valueOf(0));
            // Records written before workers could be remote.
            record.putIfAbsent("lease", IntNode.valueOf(0));
            // Records written before restarts had pauses.
            record.putIfAbsent("dueMillis", IntNode.valueOf(0));
            renameDesiredState(record);
            return JSON.treeToValue(record, RunRecord.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Until 2026-11 the desired state was a pending request, {@code wish}. */
    private static void renameDesiredState(ObjectNode record) {
        JsonNode request = record.remove("wish");
        if (request != null) {
            record.put(
                    "desiredState",
                    switch (request.asText()) {
                        case "PAUSE" -> DesiredState.PAUSED.name();
                        case "CANCEL" -> DesiredState.CANCELLED.name();
                        default -> DesiredState.RUNNING.name();
                    });
        }
    }

    /** Whether only a resume changes a state. */
    static boolean isFinal(RunState state) {
        return switch (state) {
            case RUN_STATE_SUCCEEDED, RUN_STATE_FAILED, RUN_STATE_CANCELLED -> true;
            case RUN_STATE_QUEUED,
                    RUN_STATE_RUNNING,
                    RUN_STATE_PAUSED,
                    RUN_STATE_NEEDS_RECOVERY,
                    RUN_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> false;
        };
    }

    void write(Path file) {
        try {
            AtomicFile.write(file, JSON.writeValueAsString(this));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
