package io.rootstock.corpus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text as valid UTF-8. Its bytes are not copied and must not be changed. */
public final class Text {
    private final byte[] utf8;

    private Text(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** Encodes a string; an unpaired surrogate becomes '?'. */
    public static Text of(String string) {
        return new Text(string.getBytes(StandardCharsets.UTF_8));
    }

    /** Wraps bytes that the caller knows to be valid UTF-8. */
    public static Text ofValidUtf8(byte[] utf8) {
        return new Text(utf8);
    }

    /** The bytes themselves. */
    public byte[] utf8() {
        return utf8;
    }

    /** Number of bytes. */
    public int length() {
        return utf8.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && Arrays.equals(utf8, text.utf8);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(utf8);
    }

    @Override
    public String toString() {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
