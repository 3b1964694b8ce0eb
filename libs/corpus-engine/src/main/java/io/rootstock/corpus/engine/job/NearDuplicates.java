package io.rootstock.corpus.engine.job;

import io.rootstock.corpus.duplicate.MinHashParameters;

/**
 * Removal of near duplicates by MinHash.
 *
 * @param minHash bands, rows and n-grams
 * @param leastSimilarity least estimated Jaccard similarity of a pair, up to 1; 0 accepts each pair that shares a band. A
 *     signature takes 8 bytes a lane on disk, 896 a document by default
 */
public record NearDuplicates(MinHashParameters minHash, double leastSimilarity) {
    /** 14 bands of 8 rows over 5-grams; a shared band decides. */
    public static final NearDuplicates DEFAULT = new NearDuplicates(MinHashParameters.DEFAULT, 0);

    public NearDuplicates {
        if (!(leastSimilarity >= 0 && leastSimilarity <= 1)) {
            throw new IllegalArgumentException("leastSimilarity is " + leastSimilarity + "; use 0 to 1");
        }
    }
}
