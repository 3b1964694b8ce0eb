package io.rootstock.corpus.engine.job;

import io.rootstock.corpus.duplicate.MinHashParameters;

/**
 * Removal of near duplicates by MinHash.
 *
 * @param minHash bands, rows and n-grams
 * @param leastSimilarity least estimated Jaccard similarity of a pair, up to 1; 0 accepts each pair that shares a band. A
 *     signature takes 8 bytes a lane on disk, 800 a document by default
 */
public record NearDuplicates(MinHashParameters minHash, double leastSimilarity) {
    /** 20 bands of 5 rows over 5-grams find pairs, of which those from an estimated similarity of 0.7 on are accepted. */
    public static final NearDuplicates DEFAULT = new NearDuplicates(new MinHashParameters(20, 5, 5), 0.7);

    public NearDuplicates {
        if (!(leastSimilarity >= 0 && leastSimilarity <= 1)) {
            throw new IllegalArgumentException("leastSimilarity is " + leastSimilarity + "; use 0 to 1");
        }
    }
}
