package io.rootstock.corpus.duplicate;

/**
 * Parameters of MinHash with locality-sensitive hashing. Two texts with Jaccard similarity s of their n-gram sets share a
 * band with probability 1 - (1 - s^rows)^bands (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4,
 * http://www.mmds.org): 0.77 at 0.75, 0.92 at 0.8, 0.99 at 0.85 for 14 bands of 8 rows;
 * 0.97 at 0.7, 0.9996 at 0.8 for 20 bands of 5 rows.
 *
 * @param bands number of bands, 1 to 256
 * @param rows lanes of a band, 1 to 64
 * @param ngram words of an n-gram, 1 to 32
 */
public record MinHashParameters(int bands, int rows, int ngram) {
    /** 14 bands of 8 rows over 5-grams, as in FineWeb. */
    public static final MinHashParameters FINEWEB = new MinHashParameters(14, 8, 5);

    public MinHashParameters {
        require("bands", bands, 256);
        require("rows", rows, 64);
        require("ngram", ngram, 32);
    }

    /** Lanes of a signature. */
    public int lanes() {
        return bands * rows;
    }

    private static void require(String name, int value, int limit) {
        if (value < 1 || value > limit) {
            throw new IllegalArgumentException(name + " is " + value + "; use a value from 1 to " + limit);
        }
    }
}
