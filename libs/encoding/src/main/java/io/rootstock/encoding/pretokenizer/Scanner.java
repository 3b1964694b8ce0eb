package io.rootstock.encoding.pretokenizer;

/** Finds the ends of words in UTF-8. Stateless, safe for several threads. */
@FunctionalInterface
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
}
