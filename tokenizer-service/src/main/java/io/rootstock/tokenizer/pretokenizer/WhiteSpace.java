package io.rootstock.tokenizer.pretokenizer;

/** The endings {@code \s+(?!\S)|\s+} that all patterns share. */
final class WhiteSpace {
    private WhiteSpace() {}

    /**
     * End of the word that begins with white space: the whole run at the end of the text; otherwise all but its last
     * character, which belongs to the next word; a single character alone.
     */
    static int wordEnd(int start, int runEnd, int end) {
        return runEnd == end || runEnd - start == 1 ? runEnd : runEnd - 1;
    }

    /** The endings {@code \s*[\r\n]+|\s+(?!\S)|\s+} of the patterns that keep line breaks apart. */
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
