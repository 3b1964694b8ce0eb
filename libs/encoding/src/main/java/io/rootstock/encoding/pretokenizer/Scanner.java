package io.rootstock.encoding.pretokenizer;

/** Finds the ends of words in UTF-8. Stateless, safe for several threads. */
public interface Scanner {
    /**
     * Returns the end of the word that begins at {@code start}.
     *
     * @param text UTF-8; a byte that is not part of a valid sequence is a symbol of its own, so that every text has words
     * @param start index of the word's first byte, below {@code end}
     * @param end end of the text; later bytes are not read
     * @return greater than {@code start} and at most {@code end}; every byte belongs to exactly one word
     */
    int wordEnd(byte[] text, int start, int end);

    /**
     * Writes the ends of the first words of {@code text[start, end)} to {@code ends}. Implementations repeat this method,
     * so that the call of {@link #wordEnd} in its loop is bound to one class.
     *
     * @return number of words, at most {@code ends.length}; 0 if {@code start} is {@code end}
     */
    default int wordEnds(byte[] text, int start, int end, int[] ends) {
        int words = 0;
        for (int position = start; position < end && words < ends.length; words++) {
            position = wordEnd(text, position, end);
            ends[words] = position;
        }
        return words;
    }
}
