package io.rootstock.artifacts.s3;

import io.rootstock.artifacts.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The checksums of a file, read once.
 *
 * @param digest SHA-256 of the file
 * @param bytes length of the file
 * @param partBytes length of each part but the last
 * @param parts Base64 of the SHA-256 of each part; one part for an empty file
 */
record FileSums(Digest digest, long bytes, long partBytes, List<String> parts) {
    private static final int BUFFER_BYTES = 1 << 20;
    /** S3's limit of an upload. */
    private static final int MAX_PARTS = 10_000;

    /** Reads a regular file; rejects symbolic links. */
    static FileSums of(Path file, long partBytes) throws IOException {
        long size = Math.max(partBytes, roundUp(Math.ceilDiv(Files.size(file), MAX_PARTS)));
        MessageDigest whole = Digest.sha256();
        MessageDigest part = Digest.sha256();
        List<String> parts = new ArrayList<>();
        long bytes = 0;
        long inPart = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            while (true) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, size - inPart));
                if (count < 0) {
                    break;
                }
                whole.update(buffer, 0, count);
                part.update(buffer, 0, count);
                bytes += count;
                inPart += count;
                if (inPart == size) {
                    parts.add(base64(part.digest()));
                    inPart = 0;
                }
            }
        }
        if (inPart > 0 || parts.isEmpty()) {
            parts.add(base64(part.digest()));
        }
        return new FileSums(Digest.ofHash(whole.digest()), bytes, size, List.copyOf(parts));
    }

    /** Position of a part, from 1, in the file. */
    long start(int part) {
        return (part - 1) * partBytes;
    }

    /** Length of a part, from 1, in bytes. */
    long length(int part) {
        return Math.min(partBytes, bytes - start(part));
    }

    private static long roundUp(long bytes) {
        return Math.ceilDiv(bytes, BUFFER_BYTES) * BUFFER_BYTES;
    }

    private static String base64(byte[] sum) {
        return Base64.getEncoder().encodeToString(sum);
    }
}
