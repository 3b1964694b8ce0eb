package io.rootstock.encoding.pretokenizer;

/** Finds the ends of words. Stateless, safe for several threads. */
@FunctionalInterface
public interface Scanner {
    /**
     * Returns the end of the word that begins at {@code start}.
     *
     * @param text the text
     * @param start index of the word's first {@code char}, below {@code end}
     * @param end end of the text; later characters are not read
     * @return greater than {@code start} and at most {@code end}; every character belongs to exactly one word
     */
    int wordEnd(char[] text, int start, int end);
}
