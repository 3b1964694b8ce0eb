package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.duplicate.MinHashParameters;
import io.rootstock.corpus.engine.TaskSpec;

/**
 * Parameters of near duplicates, as a task has them.
 *
 * @param minHash bands, rows and n-grams
 * @param leastSimilarity least share of equal lanes of a pair; 0 if pairs are not verified
 */
record NearParameters(MinHashParameters minHash, double leastSimilarity) {
    static NearParameters of(TaskSpec spec) {
        return new NearParameters(
                new MinHashParameters(
                        Integer.parseInt(spec.parameter(Layout.BANDS)),
                        Integer.parseInt(spec.parameter(Layout.ROWS)),
                        Integer.parseInt(spec.parameter(Layout.NGRAM))),
                Double.parseDouble(spec.parameter(Layout.MIN_SIMILARITY)));
    }

    /** Whether pairs are verified by their signatures, which a stage of its own stores. */
    boolean verifies() {
        return leastSimilarity > 0;
    }
}
