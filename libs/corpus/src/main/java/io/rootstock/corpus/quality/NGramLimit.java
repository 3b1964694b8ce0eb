package io.rootstock.corpus.quality;

/**
 * Largest share of a text's characters that repeated n-grams of one length may have.
 *
 * @param words words of the n-gram
 * @param characterFraction the share, 0 to 1
 */
public record NGramLimit(int words, double characterFraction) {
    private static final int MAX_LENGTH = 100;

    public NGramLimit {
        if (words < 1 || words > MAX_LENGTH) {
            throw new IllegalArgumentException("an n-gram has " + words + " words; set 1 to " + MAX_LENGTH);
        }
        if (!(characterFraction >= 0 && characterFraction <= 1)) {
            throw new IllegalArgumentException(
                    "characterFraction of " + words + "-grams is " + characterFraction + "; set 0 to 1");
        }
    }
}
