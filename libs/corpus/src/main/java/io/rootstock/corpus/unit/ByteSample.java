package io.rootstock.corpus.unit;

import io.rootstock.corpus.storage.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digest of the ends of a byte range, which notices most changes of a file for two small reads. */
public final class ByteSample {
    /** Sampled bytes at each end. */
    static final int BYTES = 4096;

    private ByteSample() {}

    /**
     * Returns the SHA-256 of the first and last {@value #BYTES} bytes of a range.
     *
     * @throws IOException if the file ends before the range does, or cannot be read
     */
    public static String of(StoredFile file, UnitRange range) throws IOException {
        long bytes = range.to() - range.from();
        MessageDigest digest = newSha256();
        digest.update(read(file, range.from(), (int) Math.min(BYTES, bytes)));
        if (bytes > BYTES) {
            int tail = (int) Math.min(BYTES, bytes - BYTES);
            digest.update(read(file, range.to() - tail, tail));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static ByteBuffer read(StoredFile file, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("it ends before byte " + (offset + length));
            }
        }
        return buffer.flip();
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(newSha256().digest(bytes));
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
