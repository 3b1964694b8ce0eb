package io.rootstock.evaluation.metric;

/** A metric of a corpus that depends only on the sum of one vector of statistics per row: its sufficient statistics. */
public interface CorpusMetric {
    /** Length of a vector of statistics. */
    int size();

    /**
     * Computes the score of a corpus.
     *
     * @param sums sums of the rows' statistics, [{@link #size()}]; read only
     */
    double score(double[] sums);
}
