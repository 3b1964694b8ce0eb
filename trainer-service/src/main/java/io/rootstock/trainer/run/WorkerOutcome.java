package io.rootstock.trainer.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * How a worker ended of its own accord. A worker that leaves none was killed or crashed.
 *
 * @param kind what happened
 * @param message for people
 */
public record WorkerOutcome(Kind kind, String message) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What happened. */
    public enum Kind {
        /** The run is done and its artifacts are in the store. */
        SUCCEEDED(0),
        /** Asked to stop; a checkpoint of the last step is on disk. */
        STOPPED(3),
        /** The run cannot go on, and a restart would not help. */
        FAILED(4);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        /** Exit code of the worker's process. */
        public int exitCode() {
            return exitCode;
        }
    }

    /** Writes the outcome into the run's folder. */
    public void write(RunDirectory directory) {
        try {
            AtomicFile.write(directory.outcome(), JSON.writeValueAsString(this));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The outcome of the last worker, if it left one. */
    public static Optional<WorkerOutcome> read(RunDirectory directory) {
        try {
            return Optional.of(JSON.readValue(Files.readString(directory.outcome()), WorkerOutcome.class));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory.outcome(), e);
        }
    }

    /** Forgets the last worker's outcome, before the next one starts. */
    public static void clear(RunDirectory directory) {
        try {
            Files.deleteIfExists(directory.outcome());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory.outcome(), e);
        }
    }
}
