package io.rootstock.corpus.duplicate;

import io.rootstock.corpus.Text;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * 128-bit key of a text; texts that differ in white space only have one key.
 *
 * <p>The key is the first half of the SHA-256 of the text in which each run of ASCII white space is one space, without
 * spaces at its ends. A fast hash without a key, such as XXH128, has published collisions, so that the author of a web
 * page could remove another page from a corpus; SHA-256 is in the JDK and uses the processor's instructions.
 *
 * @param high first 64 bits
 * @param low last 64 bits
 */
public record ContentKey(long high, long low) implements Comparable<ContentKey> {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int BUFFER = 1 << 13;

    /** Computes the key of a text. */
    public static ContentKey of(Text text) {
        return of(text.utf8());
    }

    private static ContentKey of(byte[] utf8) {
        MessageDigest digest = newSha256();
        byte[] buffer = new byte[Math.min(BUFFER, utf8.length + 1)];
        int size = 0;
        boolean space = false;
        boolean begun = false;
        for (byte value : utf8) {
            if (isSpace(value)) {
                space = begun;
                continue;
            }
            if (size + 2 > buffer.length) {
                digest.update(buffer, 0, size);
                size = 0;
            }
            if (space) {
                buffer[size++] = ' ';
                space = false;
            }
            buffer[size++] = value;
            begun = true;
        }
        digest.update(buffer, 0, size);
        byte[] hash = digest.digest();
        return new ContentKey((long) LONGS.get(hash, 0), (long) LONGS.get(hash, 8));
    }

    private static boolean isSpace(byte value) {
        return value == ' ' || (value >= '\t' && value <= '\r');
    }

    /** Returns the key of bytes as they are. */
    static ContentKey ofBytes(byte[] bytes) {
        byte[] hash = newSha256().digest(bytes);
        return new ContentKey((long) LONGS.get(hash, 0), (long) LONGS.get(hash, 8));
    }

    private static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Compares as unsigned 128-bit numbers. */
    @Override
    public int compareTo(ContentKey other) {
        int order = Long.compareUnsigned(high, other.high);
        return order != 0 ? order : Long.compareUnsigned(low, other.low);
    }

    /** 32 hexadecimal digits. */
    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
