package io.rootstock.registry.backup;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.files.FullDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Copies or verifies artifacts, several at a time, each hashed on the way. Repeating an interrupted copy continues with the
 * artifacts that are missing.
 */
final class ArtifactCopy {
    private static final int PARALLEL = 4;
    private static final int ATTEMPTS = 3;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(500);

    private final SortedMap<Digest, Long> artifacts;
    private final String phase;
    private final CopyProgress.Listener listener;
    private final long bytesTotal;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong copied = new AtomicLong();
    private final AtomicLong copiedBytes = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final SortedSet<Digest> dangling = new ConcurrentSkipListSet<>(Comparator.comparing(Digest::value));

    /** @param artifacts length in bytes of each artifact */
    ArtifactCopy(SortedMap<Digest, Long> artifacts, String phase, CopyProgress.Listener listener) {
        this.artifacts = artifacts;
        this.phase = phase;
        this.listener = listener;
        this.bytesTotal = artifacts.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Copies the artifacts that {@code target} lacks and renews the others; those that are missing or damaged in
     * {@code source} are dangling.
     */
    ArtifactCopy copy(ArtifactStore source, ArtifactStore target) {
        run(digest -> {
            if (!renewed(target, digest)) {
                if (target instanceof DirectoryArtifactStore) {
                    try (ArtifactWriter writer = target.create()) {
                        read(source, digest, writer);
                        Digest _ = writer.commit();
                    }
                } else {
                    // A remote store reads a file, so that it continues an interrupted upload.
                    Digest _ = target.putFile(source.verified(digest));
                }
                copied.incrementAndGet();
                copiedBytes.addAndGet(artifacts.get(digest));
            }
        });
        return this;
    }

    /** Renews an artifact, so that no removal of another backup removes it; false if the store does not have it. */
    private static boolean renewed(ArtifactStore store, Digest digest) {
        if (!store.contains(digest)) {
            return false;
        }
        try {
            store.renew(digest);
            return true;
        } catch (NoSuchArtifactException e) {
            return false;
        }
    }

    /** Reads all artifacts; those that are missing or damaged are dangling. */
    ArtifactCopy verify(ArtifactStore store) {
        run(digest -> read(store, digest, OutputStream.nullOutputStream()));
        return this;
    }

    /** Missing and damaged artifacts. */
    SortedSet<Digest> dangling() {
        return dangling;
    }

    /** Number of artifacts that were copied. */
    long copied() {
        return copied.get();
    }

    /** Bytes that were copied. */
    long copiedBytes() {
        return copiedBytes.get();
    }

    private interface Step {
        void run(Digest digest) throws IOException;
    }

    private void run(Step step) {
        Iterator<Map.Entry<Digest, Long>> pending = artifacts.entrySet().iterator();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(PARALLEL, Thread.ofVirtual().factory())) {
            List<? extends Future<?>> workers = Stream.generate(() -> threads.submit(() -> work(pending, step)))
                    .limit(PARALLEL)
                    .toList();
            try {
                for (Future<?> worker : workers) {
                    await(worker);
                }
            } finally {
                stopped.set(true);
            }
        }
        if (failure.get() instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (failure.get() != null) {
            throw new ArtifactException("an artifact cannot be read or written: " + failure.get(), failure.get());
        }
        listener.at(progress());
    }

    private void work(Iterator<Map.Entry<Digest, Long>> pending, Step step) {
        while (!stopped.get()) {
            Map.Entry<Digest, Long> next;
            synchronized (pending) {
                if (!pending.hasNext()) {
                    return;
                }
                next = pending.next();
            }
            try {
                retried(next.getKey(), step);
            } catch (NoSuchArtifactException | CorruptArtifactException e) {
                dangling.add(next.getKey());
            } catch (IOException | RuntimeException e) {
                boolean _ = failure.compareAndSet(null, e);
                stopped.set(true);
                return;
            }
            done.incrementAndGet();
            bytes.addAndGet(next.getValue());
        }
    }

    /** Runs a step again after a transient failure. */
    private static void retried(Digest digest, Step step) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                step.run(digest);
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS || FullDisk.isCauseOf(e)) {
                    throw e;
                }
            }
        }
    }

    private void await(Future<?> worker) {
        while (true) {
            try {
                Object _ = worker.get(BETWEEN_REPORTS.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                listener.at(progress());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ArtifactException("interrupted", e);
            }
        }
    }

    private CopyProgress progress() {
        return new CopyProgress(phase, done.get(), artifacts.size(), bytes.get(), bytesTotal);
    }

    /** Writes an artifact's bytes to {@code target} and compares their digest. */
    private void read(ArtifactStore source, Digest digest, OutputStream target) throws IOException {
        MessageDigest hash = Digest.sha256();
        try (InputStream in = source.open(digest, 0)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (stopped.get()) {
                    throw new ArtifactException("the operation was stopped");
                }
                hash.update(buffer, 0, count);
                target.write(buffer, 0, count);
            }
        }
        Digest actual = Digest.ofHash(hash.digest());
        if (!actual.equals(digest)) {
            throw new CorruptArtifactException(digest, Path.of(digest.hex()), "hashes to " + actual);
        }
    }
}
