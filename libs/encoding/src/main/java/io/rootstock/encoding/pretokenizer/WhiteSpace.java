package io.rootstock.encoding.pretokenizer;

/** Alternatives {@code \s+(?!\S)|\s+} at the end of all patterns. */
final class WhiteSpace {
    private WhiteSpace() {}

    /**
     * Returns the end of the word that begins with white space: at the end of the text the complete run; otherwise all
     * but its last character, which belongs to the next word; a single character alone.
     */
    static int wordEnd(int start, int runEnd, int end) {
        return runEnd == end || runEnd - start == 1 ? runEnd : runEnd - 1;
    }

    /** Alternatives {@code \s*[\r\n]+|\s+(?!\S)|\s+} of the patterns that separate line breaks. */
    static int lineBreakOrWordEnd(char[] text, int start, int end) {
        int runEnd = CharacterClass.skip(text, start, end, CharacterClass.SPACE);
        for (int position = runEnd; position > start; position--) {
            if (isLineBreak(text[position - 1])) {
                return position;
            }
        }
        return wordEnd(start, runEnd, end);
    }

    static boolean isLineBreak(char character) {
        return character == '\n' || character == '\r';
    }
}
