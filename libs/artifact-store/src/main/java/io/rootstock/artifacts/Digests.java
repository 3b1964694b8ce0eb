package io.rootstock.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Computes digests of files. */
final class Digests {
    private static final int BUFFER_BYTES = 1 << 20;

    private Digests() {}

    /** Returns the digest of a regular file's bytes; rejects symbolic links. */
    static Digest of(Path file) throws IOException {
        MessageDigest hash = Digest.sha256();
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
            }
        }
        return Digest.ofHash(hash.digest());
    }
}
