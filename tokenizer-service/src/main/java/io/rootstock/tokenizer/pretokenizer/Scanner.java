package io.rootstock.tokenizer.pretokenizer;

/** Finds where words end. Stateless, safe for several threads. */
@FunctionalInterface
public interface Scanner {
    /**
     * End of the word that begins at {@code start}.
     *
     * @param text the text
     * @param start where the word begins, below {@code end}
     * @param end where the text ends; what lies behind is not looked at
     * @return greater than {@code start} and at most {@code end}; every character belongs to exactly one word
     */
    int wordEnd(char[] text, int start, int end);
}
