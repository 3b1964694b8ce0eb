package io.rootstock.evaluation.contamination;

/**
 * Unit of a row's n-grams: words, or characters for texts whose words are not separated or change with their endings (Chinese,
 * Japanese, Korean, Thai and others). White space does not count in characters, because Korean spacing varies.
 */
enum TextUnit {
    WORD(1),
    CHARACTER(2);

    private final int perWord;

    TextUnit(int perWord) {
        this.perWord = perWord;
    }

    /** Units that stand for one word in the lengths of n-grams. */
    int perWord() {
        return perWord;
    }
}
