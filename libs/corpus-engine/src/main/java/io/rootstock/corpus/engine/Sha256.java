package io.rootstock.corpus.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over a sequence of values; texts have their length in front, so that different sequences differ. */
public final class Sha256 {
    private final MessageDigest hash = create();

    /** Adds a text. */
    public Sha256 add(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        add(utf8.length);
        hash.update(utf8);
        return this;
    }

    /** Adds a number. */
    public Sha256 add(long number) {
        hash.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        return this;
    }

    /** Returns the digest as {@code sha256:} and 64 hexadecimal digits, and resets the hash. */
    public String digest() {
        return format(hash.digest());
    }

    /** Returns a new SHA-256. */
    static MessageDigest create() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String format(byte[] digest) {
        return "sha256:" + HexFormat.of().formatHex(digest);
    }
}
