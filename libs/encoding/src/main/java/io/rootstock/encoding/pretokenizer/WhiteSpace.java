package io.rootstock.encoding.pretokenizer;

/** Alternatives {@code \s+(?!\S)|\s+} at the end of all patterns. */
final class WhiteSpace {
    private WhiteSpace() {}

    /** Returns the end of the run of white space that begins at {@code start}. */
    static int runEnd(byte[] text, int start, int end) {
        return CharacterTable.skip(text, start, end, CharacterTable.SPACE);
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
        for (int position = runEnd; position > start; position--) {
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
