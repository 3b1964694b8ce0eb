package io.rootstock.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Name of an artifact: {@code sha256:} and 64 lower-case hexadecimal digits.
 *
 * @param value the complete name, for example {@code sha256:e3b0c442...b855}
 */
public record Digest(String value) {
    private static final String PREFIX = "sha256:";
    private static final int BUFFER_BYTES = 1 << 20;
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    public Digest {
        if (value == null || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "an artifact digest is sha256: and 64 lower-case hexadecimal digits, not '" + value + "'");
        }
    }

    /** Parses a digest; throws {@link IllegalArgumentException} if {@code value} is invalid. */
    public static Digest parse(String value) {
        return new Digest(value);
    }

    /** Parses a digest; empty if {@code value} is invalid. */
    public static Optional<Digest> find(String value) {
        return FORM.matcher(value).matches() ? Optional.of(new Digest(value)) : Optional.empty();
    }

    /** Computes the digest of bytes. */
    public static Digest of(byte[] bytes) {
        return ofHash(sha256().digest(bytes));
    }

    /** Computes the digest of a regular file's bytes; rejects symbolic links. */
    public static Digest ofFile(Path file) throws IOException {
        MessageDigest hash = sha256();
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
            }
        }
        return ofHash(hash.digest());
    }

    /** Returns the digest with these 32 bytes. */
    public static Digest ofHash(byte[] hash) {
        return new Digest(PREFIX + HexFormat.of().formatHex(hash));
    }

    /** The 64 hexadecimal digits without the prefix. */
    public String hex() {
        return value.substring(PREFIX.length());
    }

    @Override
    public String toString() {
        return value;
    }

    /** Returns a new SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
