package io.rootstock.artifacts;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.logging.Logger;

/**
 * Downloads the missing bytes of an artifact into a partial file. Bytes already in the file are kept, and verified by
 * the hash at the end. After a failure the download resumes at its last byte, with growing pauses; it fails after
 * {@value #ATTEMPTS} consecutive attempts without a new byte.
 */
final class Download {
    private static final Logger LOG = Logger.getLogger(Download.class.getName());
    private static final int ATTEMPTS = 6;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final int BUFFER_BYTES = 1 << 20;

    private final ArtifactSource source;
    private final Digest digest;
    private final Path path;
    private final FileChannel file;
    private final CacheSpace space;
    private final MessageDigest hash = Digest.sha256();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long present;
    private long total = -1;

    Download(ArtifactSource source, Digest digest, Path path, FileChannel file, CacheSpace space) {
        this.path = path;
        this.source = source;
        this.digest = digest;
        this.file = file;
        this.space = space;
    }

    void run(FetchProgress progress) throws IOException {
        hashPresent();
        int failures = 0;
        while (total < 0 || present < total) {
            long before = present;
            try {
                if (total < 0) {
                    begin();
                }
                copy(progress);
            } catch (IOException e) {
                failures = present > before ? 1 : failures + 1;
                if (failures >= ATTEMPTS) {
                    throw new UnreadableArtifactException(
                            "artifact " + digest + " stopped at " + present + " bytes, the source failed " + ATTEMPTS
                                    + " times running: " + e,
                            e);
                }
                LOG.info("artifact " + digest + " stopped at " + present + " bytes (" + e + "); resuming");
                pause(FIRST_PAUSE.multipliedBy(1L << (failures - 1)));
            }
        }
        file.force(true);
        Digest actual = Digest.ofHash(hash.digest());
        if (!actual.equals(digest)) {
            throw new CorruptArtifactException(digest, path, "came as " + actual);
        }
    }

    /** Hashes the bytes of an earlier download. */
    private void hashPresent() throws IOException {
        file.position(0);
        ByteBuffer bytes = ByteBuffer.wrap(buffer);
        for (int count = file.read(bytes.clear()); count >= 0; count = file.read(bytes.clear())) {
            hash.update(bytes.flip());
            present += count;
        }
    }

    private void begin() throws IOException {
        long length = source.length(digest);
        if (present > length) {
            // Not a prefix of this artifact; without this check, the hash would fail only after the whole download.
            file.truncate(0);
            hash.reset();
            present = 0;
        }
        space.reserve(digest, length, present);
        total = length;
    }

    private void copy(FetchProgress progress) throws IOException {
        try (InputStream in = source.open(digest, present)) {
            while (present < total) {
                if (!progress.at(present, total)) {
                    file.force(false);
                    throw new FetchCancelledException(digest);
                }
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, total - present));
                if (count < 0) {
                    throw new EOFException("the source ended at " + present + " of " + total + " bytes");
                }
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                long position = present;
                while (bytes.hasRemaining()) {
                    position += file.write(bytes, position);
                }
                hash.update(buffer, 0, count);
                present = position;
            }
        }
    }

    private void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchCancelledException(digest);
        }
    }
}
