package io.rootstock.evaluation.contamination;

/**
 * Lengths of the n-grams of rows: numbers of words. N-grams of characters have twice as many, because Chinese words and Korean stems
 * have about two.
 *
 * @param longest words of an n-gram
 * @param shorter words of an n-gram of rows with fewer than {@code longest} words
 * @param fewest words of the shortest row that is searched for; rows with fewer than {@code shorter} words are searched for whole
 */
public record NgramLengths(int longest, int shorter, int fewest) {
    /** Largest number of words of an n-gram. */
    public static final int MAX = (RollingHashes.SLOTS - 1) / 2;

    /** Lengths of GPT-3's overlap study (Brown et al. 2020, appendix C), with rows of 4 to 7 words. */
    public static final NgramLengths DEFAULT = new NgramLengths(13, 8, 4);

    public NgramLengths {
        if (fewest < 1 || fewest > shorter || shorter > longest || longest > MAX) {
            throw new IllegalArgumentException("lengths of n-grams must rise from 1 to at most " + MAX
                    + " words: fewest " + fewest + ", shorter " + shorter + ", longest " + longest);
        }
    }

    /**
     * Returns the length of the n-grams of a row: the whole row if it is shorter than the shorter n-grams.
     *
     * @param units units of the row
     * @return 0 if the row is so short that it occurs in other texts by chance
     */
    int ngram(TextUnit unit, int units) {
        int factor = unit.perWord();
        return units >= factor * longest
                ? factor * longest
                : units >= factor * shorter ? factor * shorter : units >= factor * fewest ? units : 0;
    }

    /**
     * Returns the length of the end of an n-gram, its anchor, by which an index finds it: one for rows that are searched for whole,
     * and one for all others.
     */
    int anchor(TextUnit unit, int size) {
        int usual = unit.perWord() * shorter;
        return size >= usual ? usual : unit.perWord() * fewest;
    }
}
