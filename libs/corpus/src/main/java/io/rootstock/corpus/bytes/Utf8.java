package io.rootstock.corpus.bytes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Validation of UTF-8: the well-formed byte sequences of table 3-7 of the Unicode Standard
 * (https://www.unicode.org/versions/latest/core-spec/chapter-3/#G27506).
 */
public final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LOW_BITS = 0x0101010101010101L;

    private Utf8() {}

    /** Returns the index of the first byte that begins no well-formed sequence, or -1 if all bytes are valid UTF-8. */
    public static int firstInvalid(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            at = skipAscii(bytes, at, to);
            if (at == to) {
                return -1;
            }
            int length = sequenceLength(bytes, at, to);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    /** Returns the index of the first byte from {@code from} on that is not ASCII, or {@code to}. */
    public static int skipAscii(byte[] bytes, int from, int to) {
        int at = from;
        while (at + 8 <= to) {
            long high = (long) LONGS.get(bytes, at) & HIGH_BITS;
            if (high != 0) {
                return at + (Long.numberOfTrailingZeros(high) >> 3);
            }
            at += 8;
        }
        while (at < to && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    /** Returns the index of the first byte with a value, or {@code to}. */
    public static int indexOf(byte[] bytes, int from, int to, byte value) {
        long pattern = (value & 0xFFL) * LOW_BITS;
        int at = from;
        while (at + 8 <= to) {
            long difference = (long) LONGS.get(bytes, at) ^ pattern;
            long zeros = (difference - LOW_BITS) & ~difference & HIGH_BITS;
            if (zeros != 0) {
                return at + (Long.numberOfTrailingZeros(zeros) >> 3);
            }
            at += 8;
        }
        while (at < to && bytes[at] != value) {
            at++;
        }
        return at;
    }

    /** Returns the length of the well-formed sequence of two to four bytes at an index, or 0 if it has none. */
    private static int sequenceLength(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xFF;
        if (first < 0xC2 || first > 0xF4 || at + 1 >= to) {
            return 0;
        }
        int second = bytes[at + 1];
        if (first < 0xE0) {
            return isContinuation(second) ? 2 : 0;
        }
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if ((second & 0xFF) < low || (second & 0xFF) > high || at + 2 >= to || !isContinuation(bytes[at + 2])) {
            return 0;
        }
        if (first < 0xF0) {
            return 3;
        }
        return at + 3 < to && isContinuation(bytes[at + 3]) ? 4 : 0;
    }

    /** Returns the length of the sequence that a byte begins, 1 to 4; 1 for a byte that begins none. */
    public static int length(byte lead) {
        int value = lead & 0xFF;
        return value < 0xC0 ? 1 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
    }

    /** Whether a byte continues a sequence. */
    public static boolean isContinuation(int value) {
        return (value & 0xC0) == 0x80;
    }

    /** Whether all characters are ASCII white space or control characters. */
    public static boolean isBlank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if ((bytes[i] & 0xFF) > ' ') {
                return false;
            }
        }
        return true;
    }
}
