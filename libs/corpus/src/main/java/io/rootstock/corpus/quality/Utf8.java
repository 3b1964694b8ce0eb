package io.rootstock.corpus.quality;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Code points and hashes of ranges of valid UTF-8. */
final class Utf8 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private Utf8() {}

    /** Number of bytes of the code point that begins with a byte. */
    static int width(byte first) {
        return first >= 0 ? 1 : (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : 4;
    }

    /** Returns the code point at an offset. */
    static int codePoint(byte[] utf8, int at) {
        int first = utf8[at];
        if (first >= 0) {
            return first;
        }
        int second = utf8[at + 1] & 0x3F;
        if ((first & 0xE0) == 0xC0) {
            return (first & 0x1F) << 6 | second;
        }
        int third = utf8[at + 2] & 0x3F;
        if ((first & 0xF0) == 0xE0) {
            return (first & 0x0F) << 12 | second << 6 | third;
        }
        return (first & 0x07) << 18 | second << 12 | third << 6 | (utf8[at + 3] & 0x3F);
    }

    /** Returns the offset of the code point before an offset. */
    static int previous(byte[] utf8, int at) {
        int before = at - 1;
        while ((utf8[before] & 0xC0) == 0x80) {
            before--;
        }
        return before;
    }

    /** Number of code points in a range. */
    static int length(byte[] utf8, int from, int to) {
        int length = 0;
        for (int at = from; at < to; at++) {
            length += (utf8[at] & 0xC0) != 0x80 ? 1 : 0;
        }
        return length;
    }

    /** 64-bit hash of a range; two ranges of different bytes have equal hashes with probability 2^-64. */
    static long hash(byte[] utf8, int from, int to) {
        long hash = (to - from) * PRIME;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            hash = mix(hash ^ (long) LONG.get(utf8, at));
        }
        int left = to - at;
        if (left == 0) {
            return mix(hash);
        }
        long rest;
        if (at + 8 <= utf8.length) {
            rest = (long) LONG.get(utf8, at) & (-1L >>> (64 - 8 * left));
        } else {
            rest = 0;
            for (int index = 0; index < left; index++) {
                rest |= (utf8[at + index] & 0xFFL) << (8 * index);
            }
        }
        return mix(hash ^ rest);
    }

    private static long mix(long value) {
        long product = value * PRIME;
        return (product ^ product >>> 32) * 0xD6E8FEB86659FD93L;
    }
}
