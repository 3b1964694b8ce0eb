package io.rootstock.artifacts.s3;

import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads an object from an offset to its end, several sections ahead at the same time. Not thread-safe. */
final class ObjectStream extends InputStream {
    private static final int SECTION_BYTES = 8 << 20;
    private static final int SECTIONS_AHEAD = 4;

    private final S3Bucket bucket;
    private final Digest digest;
    private final String key;
    private final long end;
    private final ExecutorService pool = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("download-", 0).factory());
    private final Deque<Future<byte[]>> ahead = new ArrayDeque<>();
    private long next;
    private byte[] current = {};
    private int position;

    /**
     * Opens the bytes of an object.
     *
     * @param end length of the object
     */
    ObjectStream(S3Bucket bucket, Digest digest, String key, long offset, long end) {
        this.bucket = bucket;
        this.digest = digest;
        this.key = key;
        this.next = offset;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (position == current.length && !advance()) {
            return -1;
        }
        int copied = Math.min(count, current.length - position);
        System.arraycopy(current, position, bytes, offset, copied);
        position += copied;
        return copied;
    }

    @Override
    public void close() {
        pool.shutdownNow();
        pool.close();
    }

    private boolean advance() throws IOException {
        while (next < end && ahead.size() < SECTIONS_AHEAD) {
            long first = next;
            int length = (int) Math.min(SECTION_BYTES, end - first);
            ahead.add(pool.submit(() -> section(first, length)));
            next += length;
        }
        if (ahead.isEmpty()) {
            return false;
        }
        try {
            current = ahead.remove().get();
            position = 0;
            return true;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                default -> throw new IOException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading artifact " + digest, e);
        }
    }

    private byte[] section(long first, int length) throws IOException {
        try (InputStream in = bucket.open(key, first, first + length - 1)
                .orElseThrow(() ->
                        new NoSuchArtifactException(digest, bucket.location().toString()))) {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException("the server ended at " + bytes.length + " of " + length + " bytes");
            }
            return bytes;
        }
    }
}
