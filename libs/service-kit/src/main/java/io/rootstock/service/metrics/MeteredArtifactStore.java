package io.rootstock.service.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.CacheFullException;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.artifacts.StoredArtifact;
import io.rootstock.files.FullDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An artifact store whose operations are measured. A directory counts as its files. */
public final class MeteredArtifactStore implements ArtifactStore {
    private final ArtifactStore store;
    private final ArtifactMetrics metrics;

    /** Measures the operations on a store. */
    public MeteredArtifactStore(ArtifactStore store, MeterRegistry meters) {
        this.store = store;
        this.metrics = new ArtifactMetrics(meters);
    }

    @Override
    public Digest putFile(Path file) {
        return metrics.record(Operation.PUT, () -> store.putFile(file));
    }

    @Override
    public ArtifactWriter create() {
        return new MeteredWriter(store.create(), metrics);
    }

    @Override
    public boolean contains(Digest digest) {
        return metrics.record(Operation.STAT, () -> store.contains(digest));
    }

    @Override
    public long size(Digest digest) {
        return metrics.record(Operation.STAT, () -> store.size(digest));
    }

    @Override
    public long length(Digest digest) throws IOException {
        return metrics.record(Operation.STAT, () -> store.length(digest));
    }

    @Override
    public InputStream open(Digest digest, long offset) throws IOException {
        return metrics.record(Operation.READ, () -> store.open(digest, offset));
    }

    @Override
    public boolean link(Digest digest, Path target) throws IOException {
        return metrics.record(Operation.READ, () -> store.link(digest, target));
    }

    @Override
    public Path verified(Digest digest) {
        return metrics.record(Operation.READ, () -> store.verified(digest));
    }

    @Override
    public byte[] readAll(Digest digest) {
        return metrics.record(Operation.READ, () -> store.readAll(digest));
    }

    @Override
    public void renew(Digest digest) {
        run(Operation.RENEW, () -> store.renew(digest));
    }

    @Override
    public void list(Consumer<StoredArtifact> each) {
        run(Operation.LIST, () -> store.list(each));
    }

    @Override
    public OptionalLong removeIfOlder(Digest digest, Instant limit) {
        return metrics.record(Operation.REMOVE, () -> store.removeIfOlder(digest, limit));
    }

    @Override
    public long removeAbandoned(Instant limit) {
        return metrics.record(Operation.REMOVE, () -> store.removeAbandoned(limit));
    }

    @Override
    public List<String> documents() {
        return metrics.record(Operation.DOCUMENT, store::documents);
    }

    @Override
    public Optional<String> document(String name) {
        return metrics.record(Operation.DOCUMENT, () -> store.document(name));
    }

    @Override
    public void putDocument(String name, String text) {
        run(Operation.DOCUMENT, () -> store.putDocument(name, text));
    }

    @Override
    public void removeDocument(String name) {
        run(Operation.DOCUMENT, () -> store.removeDocument(name));
    }

    private void run(Operation operation, Runnable action) {
        boolean _ = metrics.record(operation, () -> {
            action.run();
            return true;
        });
    }

    /** Measures the commit, not the writes, whose speed is the caller's. */
    private static final class MeteredWriter extends ArtifactWriter {
        private final ArtifactWriter writer;
        private final ArtifactMetrics metrics;

        MeteredWriter(ArtifactWriter writer, ArtifactMetrics metrics) {
            this.writer = writer;
            this.metrics = metrics;
        }

        @Override
        public void write(int b) throws IOException {
            writer.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writer.write(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            writer.flush();
        }

        @Override
        public Digest commit() {
            return metrics.record(Operation.PUT, writer::commit);
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }

    /** Kind of an operation. */
    private enum Operation {
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
    private enum Outcome {
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

    /** Timers of the operations on the artifact store, by operation and outcome; all exist from the start. */
    private static final class ArtifactMetrics {
        private final Map<Operation, Map<Outcome, Timer>> timers = new EnumMap<>(Operation.class);

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
}
