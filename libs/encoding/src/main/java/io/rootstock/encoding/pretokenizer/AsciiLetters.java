package io.rootstock.encoding.pretokenizer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the end of a run of letters, eight ASCII letters at a time (SWAR: eight bytes in one register). */
final class AsciiLetters {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private AsciiLetters() {}

    /** Returns the first index from {@code start} that begins no letter {@code \p{L}}, ASCII or not. */
    static int lettersEnd(byte[] text, int start, int end) {
        int position = start;
        while (true) {
            position = asciiEnd(text, position, end);
            if (position == end || text[position] >= 0) {
                return position;
            }
            int after = CharacterTable.skip(text, position, end, CharacterTable.LETTER);
            if (after == position) {
                return position;
            }
            position = after;
        }
    }

    private static int asciiEnd(byte[] text, int start, int end) {
        int position = start;
        while (position + Long.BYTES <= end) {
            long others = ~letters((long) LONG.get(text, position)) & HIGH_BITS;
            if (others != 0) {
                return position + (Long.numberOfTrailingZeros(others) >>> 3);
            }
            position += Long.BYTES;
        }
        while (position < end && isLetter(text[position])) {
            position++;
        }
        return position;
    }

    /** Returns the first index from {@code start} that is not in {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}. */
    static int lowerEnd(byte[] text, int start, int end) {
        int position = start;
        while (position + Long.BYTES <= end) {
            long bytes = (long) LONG.get(text, position);
            long others = ~(between(bytes & ~HIGH_BITS) & ~bytes) & HIGH_BITS;
            int lower = Long.numberOfTrailingZeros(others) >>> 3;
            position += lower;
            if (lower < Long.BYTES) {
                if (text[position] >= 0) {
                    return position;
                }
                break;
            }
        }
        return CharacterTable.skip(text, position, end, CharacterTable.LOWER);
    }

    /** Returns the high bit of each byte that is an ASCII letter. */
    private static long letters(long bytes) {
        return between((bytes | 0x20 * ONES) & ~HIGH_BITS) & ~bytes;
    }

    /** Returns the high bit of each byte, 0 to 127, from a to z; the other bits have no meaning. */
    private static long between(long bytes) {
        long atLeastA = bytes + (0x80 - 'a') * ONES;
        long aboveZ = bytes + (0x80 - 'z' - 1) * ONES;
        return atLeastA & ~aboveZ;
    }

    private static boolean isLetter(byte value) {
        int lower = value | 0x20;
        return lower >= 'a' && lower <= 'z';
    }
}
