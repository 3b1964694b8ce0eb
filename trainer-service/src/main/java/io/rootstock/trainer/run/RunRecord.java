package io.rootstock.trainer.run;

import com.fasterxml.jackson.databind.DeserializationFeature;
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
 * @param wish pending request to the running worker
 * @param failures consecutive worker failures without a new checkpoint
 * @param checkpointStep newest checkpoint at the last failure; -1 before the first
 * @param ranks number of processes requested by the last resume; 0: the spec's number
 */
record RunRecord(
        RunState state,
        String message,
        long createdMillis,
        long queuedMillis,
        Wish wish,
        int failures,
        long checkpointStep,
        int ranks) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    /** Pending request to a running worker. */
    enum Wish {
        /** No request: the worker continues. */
        NONE,
        /** Write a checkpoint and stop; the run is then paused. */
        PAUSE,
        /** Stop; the run is then cancelled. */
        CANCEL
    }

    static RunRecord queued(long nowMillis) {
        return new RunRecord(
                RunState.RUN_STATE_QUEUED, "waits for a worker", nowMillis, nowMillis, Wish.NONE, 0, -1, 0);
    }

    RunRecord in(RunState newState, String why) {
        return new RunRecord(newState, why, createdMillis, queuedMillis, wish, failures, checkpointStep, ranks);
    }

    RunRecord wishing(Wish newWish) {
        return new RunRecord(state, message, createdMillis, queuedMillis, newWish, failures, checkpointStep, ranks);
    }

    RunRecord failed(int newFailures, long step) {
        return new RunRecord(state, message, createdMillis, queuedMillis, wish, newFailures, step, ranks);
    }

    RunRecord queuedAgain(long nowMillis, String why, int newRanks) {
        return new RunRecord(
                RunState.RUN_STATE_QUEUED, why, createdMillis, nowMillis, Wish.NONE, 0, checkpointStep, newRanks);
    }

    static RunRecord read(Path file) {
        try {
            ObjectNode record = (ObjectNode) JSON.readTree(Files.readString(file));
            // Records written before runs could have several processes.
            record.putIfAbsent("ranks", IntNode.valueOf(0));
            return JSON.treeToValue(record, RunRecord.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    void write(Path file) {
        try {
            AtomicFile.write(file, JSON.writeValueAsString(this));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
