package io.rootstock.evaluation.metric;

/** Rows of a corpus metric with their statistics, [rows][statistics]. */
final class CorpusRows implements WeightedRows {
    private final CorpusMetric metric;
    private final double[][] statistics;

    CorpusRows(CorpusMetric metric, double[][] statistics) {
        this.metric = metric;
        this.statistics = statistics;
    }

    @Override
    public int rows() {
        return statistics.length;
    }

    @Override
    public double score(int[] weights) {
        double[] sums = new double[metric.size()];
        for (int row = 0; row < statistics.length; row++) {
            int weight = weights[row];
            if (weight == 0) {
                continue;
            }
            double[] vector = statistics[row];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += weight * vector[i];
            }
        }
        return metric.score(sums);
    }
}
