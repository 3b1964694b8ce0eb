package io.rootstock.trainer.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Result of a worker that exited normally. A worker that crashed or was killed leaves none.
 *
 * @param kind kind of result
 * @param message description of the result
 */
public record WorkerOutcome(Kind kind, String message) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Kind of result, with the worker's exit code. */
    public enum Kind {
        /** The run is complete and its artifacts are in the store. */
        SUCCEEDED(0),
        /** The worker was stopped; it wrote a checkpoint of its last step. */
        STOPPED(3),
        /** The run failed, and a restart would fail again. */
        FAILED(4);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        /** Process exit code for this kind. */
        public int exitCode() {
            return exitCode;
        }
    }

    /** Writes the outcome to the run's directory. */
    public void write(RunDirectory directory) {
        try {
            AtomicFile.write(directory.outcome(), JSON.writeValueAsString(this));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the outcome of the last worker, if any. */
    public static Optional<WorkerOutcome> read(RunDirectory directory) {
        try {
            return Optional.of(JSON.readValue(Files.readString(directory.outcome()), WorkerOutcome.class));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory.outcome(), e);
        }
    }

    /** Deletes the last worker's outcome before the next worker starts. */
    public static void clear(RunDirectory directory) {
        try {
            Files.deleteIfExists(directory.outcome());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory.outcome(), e);
        }
    }
}
