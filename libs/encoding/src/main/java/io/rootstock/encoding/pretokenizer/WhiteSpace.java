package io.rootstock.encoding.pretokenizer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Alternatives {@code \s+(?!\S)|\s+} at the end of all patterns. */
final class WhiteSpace {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EIGHT_BLANKS = 0x2020202020202020L;

    private WhiteSpace() {}

    /** Returns the end of the run of white space that begins at {@code start}. */
    static int runEnd(byte[] text, int start, int end) {
        int position = start;
        while (position < end) {
            byte value = text[position];
            if (value == ' ') {
                position = blanksEnd(text, position + 1, end);
            } else if (value > ' ') {
                break;
            } else {
                int character = CharacterTable.at(text, position, end);
                if ((character & CharacterTable.SPACE) == 0) {
                    break;
                }
                position = CharacterTable.after(position, character);
            }
        }
        return position;
    }

    /** Returns the end of a run of U+0020, eight at a time. */
    private static int blanksEnd(byte[] text, int start, int end) {
        int position = start;
        while (position + Long.BYTES <= end) {
            long others = (long) LONG.get(text, position) ^ EIGHT_BLANKS;
            if (others != 0) {
                return position + (Long.numberOfTrailingZeros(others) >>> 3);
            }
            position += Long.BYTES;
        }
        while (position < end && text[position] == ' ') {
            position++;
        }
        return position;
    }

    /**
     * Returns the end of the word that begins with white space: at the end of the text the complete run; otherwise all
     * but its last character, which belongs to the next word; a single character alone.
     */
    static int wordEnd(byte[] text, int start, int runEnd, int end) {
        if (runEnd == end) {
            return runEnd;
        }
        int last = lastCharacter(text, runEnd);
        return last > start ? last : runEnd;
    }

    /** Alternatives {@code \s*[\r\n]+|\s+(?!\S)|\s+} of the patterns that separate line breaks. */
    static int lineBreakOrWordEnd(byte[] text, int start, int end) {
        int runEnd = runEnd(text, start, end);
        int position = runEnd;
        while (position - Long.BYTES >= start && (long) LONG.get(text, position - Long.BYTES) == EIGHT_BLANKS) {
            position -= Long.BYTES;
        }
        for (; position > start; position--) {
            if (isLineBreak(text[position - 1])) {
                return position;
            }
        }
        return wordEnd(text, start, runEnd, end);
    }

    /** Whether a byte is a line feed or carriage return. */
    static boolean isLineBreak(byte value) {
        return value == '\n' || value == '\r';
    }

    /** Returns the index of the character that ends at {@code index}; the UTF-8 before it is valid. */
    private static int lastCharacter(byte[] text, int index) {
        int position = index - 1;
        while (text[position] < (byte) 0xC0) {
            position--;
        }
        return position;
    }
}
