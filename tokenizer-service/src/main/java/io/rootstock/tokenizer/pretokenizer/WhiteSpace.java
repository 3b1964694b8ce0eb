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
}
