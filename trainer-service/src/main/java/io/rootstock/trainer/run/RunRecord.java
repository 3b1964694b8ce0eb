package io.rootstock.trainer.run;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.trainer.v1.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The service's record of a run, {@code state.json}: the truth about its state, written before the event that tells it.
 *
 * @param state state
 * @param message why
 * @param createdMillis when the run was started, epoch milliseconds
 * @param queuedMillis when it was queued last: the order of the queue
 * @param wish what was asked of a running worker
 * @param failures deaths of workers in a row without a new checkpoint
 * @param checkpointStep newest checkpoint at the last death; -1 before the first
 */
record RunRecord(
        RunState state,
        String message,
        long createdMillis,
        long queuedMillis,
        Wish wish,
        int failures,
        long checkpointStep) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    /** What was asked of a running worker. */
    enum Wish {
        /** Go on. */
        NONE,
        /** Stop at a checkpoint. */
        PAUSE,
        /** End. */
        CANCEL
    }

    static RunRecord queued(long nowMillis) {
        return new RunRecord(RunState.RUN_STATE_QUEUED, "waits for a worker", nowMillis, nowMillis, Wish.NONE, 0, -1);
    }

    RunRecord in(RunState newState, String why) {
        return new RunRecord(newState, why, createdMillis, queuedMillis, wish, failures, checkpointStep);
    }

    RunRecord wishing(Wish newWish) {
        return new RunRecord(state, message, createdMillis, queuedMillis, newWish, failures, checkpointStep);
    }

    RunRecord failed(int newFailures, long step) {
        return new RunRecord(state, message, createdMillis, queuedMillis, wish, newFailures, step);
    }

    RunRecord queuedAgain(long nowMillis, String why) {
        return new RunRecord(RunState.RUN_STATE_QUEUED, why, createdMillis, nowMillis, Wish.NONE, 0, checkpointStep);
    }

    static RunRecord read(Path file) {
        try {
            return JSON.readValue(Files.readString(file), RunRecord.class);
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
