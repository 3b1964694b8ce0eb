package io.rootstock.service.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rootstock.artifacts.CacheFullException;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.files.FullDisk;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Timers of the operations on the artifact store, by operation and outcome; all exist from the start. */
final class ArtifactMetrics {
    private final Map<Operation, Map<Outcome, Timer>> timers = new EnumMap<>(Operation.class);

    /** Kind of an operation. */
    enum Operation {
        /** A file is stored, or a stream committed. */
        PUT,
        /** An artifact is verified, opened or read. */
        READ,
        /** Presence or length. */
        STAT,
        RENEW,
        LIST,
        REMOVE,
        /** A document is read, written, removed or listed. */
        DOCUMENT
    }

    /** End of an operation. */
    enum Outcome {
        OK,
        /** The store does not have the artifact. */
        MISSING,
        /** The bytes do not match the digest. */
        CORRUPT,
        /** The disk or the cache is full. */
        FULL,
        /** Any other failure, such as of the S3 server. */
        ERROR;

        static Outcome of(Throwable failure) {
            return switch (failure) {
                case NoSuchArtifactException _ -> MISSING;
                case CorruptArtifactException _ -> CORRUPT;
                case CacheFullException _ -> FULL;
                case Throwable other -> FullDisk.isCauseOf(other) ? FULL : ERROR;
            };
        }
    }

    ArtifactMetrics(MeterRegistry meters) {
        for (Operation operation : Operation.values()) {
            Map<Outcome, Timer> byOutcome = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                byOutcome.put(
                        outcome,
                        Timer.builder("rootstock.artifacts.operation")
                                .description("Operations on the artifact store")
                                .tag("operation", label(operation))
                                .tag("outcome", label(outcome))
                                .register(meters));
            }
            timers.put(operation, byOutcome);
        }
    }

    /**
     * An operation that is measured.
     *
     * @param <T> its result
     * @param <E> its checked exception
     */
    @FunctionalInterface
    interface Action<T, E extends Exception> {
        T run() throws E;
    }

    /** Runs an operation and records its time and outcome. */
    <T, E extends Exception> T record(Operation operation, Action<T, E> action) throws E {
        long start = System.nanoTime();
        Outcome outcome = Outcome.ERROR;
        try {
            T result = action.run();
            outcome = Outcome.OK;
            return result;
        } catch (RuntimeException e) {
            outcome = Outcome.of(e);
            throw e;
        } finally {
            timers.get(operation).get(outcome).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
        }
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
