package io.rootstock.evaluation.contamination;

/**
 * Unit of a row's n-grams, with their lengths.
 *
 * <p>Words: 13-grams, 8-grams for shorter rows, as GPT-3's overlap study (Brown et al. 2020, appendix C). Characters, for
 * texts whose words are not separated or change with their endings (Chinese, Japanese, Korean, Thai and others): two for each
 * word, because Chinese words and Korean stems have about two; white space does not count, because Korean spacing varies.
 */
enum TextUnit {
    WORD(13, 8, 4),
    CHARACTER(26, 16, 8);

    private final int longest;
    private final int shorter;
    private final int fewest;

    TextUnit(int longest, int shorter, int fewest) {
        this.longest = longest;
        this.shorter = shorter;
        this.fewest = fewest;
    }

    /**
     * Returns the length of the n-grams of a row: the whole row if it is shorter than the shorter n-grams.
     *
     * @param units units of the row
     * @return 0 if the row is so short that it occurs in other texts by chance
     */
    int ngram(int units) {
        return units >= longest ? longest : units >= shorter ? shorter : units >= fewest ? units : 0;
    }

    /** Length of the longest n-grams. */
    int longest() {
        return longest;
    }
}
