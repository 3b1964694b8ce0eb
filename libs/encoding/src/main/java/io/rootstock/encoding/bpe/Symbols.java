package io.rootstock.encoding.bpe;

/** The smallest tokens of a text, from which merging begins. Immutable, safe for several threads. */
public interface Symbols {
    /**
     * Writes the smallest tokens of {@code text[from, to)}, at most one per byte.
     *
     * @param ids receives token ids
     * @param starts receives the position of each token's first byte in {@code text}
     * @return number of tokens
     */
    int split(byte[] text, int from, int to, int[] ids, int[] starts);

    /**
     * Returns the end of the last symbol that ends at or before {@code index}.
     *
     * @param from a beginning of a symbol, below {@code index}
     * @return greater than {@code from}; greater than {@code index} if one symbol is that long
     */
    int boundary(byte[] text, int from, int index, int to);
}
