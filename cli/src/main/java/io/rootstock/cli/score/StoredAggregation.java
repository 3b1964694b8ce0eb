package io.rootstock.cli.score;

import io.rootstock.evaluation.metric.CorpusMetric;
import io.rootstock.evaluation.task.Metric;

/** Aggregation of the scores that records hold: statistics are a score and its weight. */
final class StoredAggregation implements CorpusMetric {
    private static final double LN2 = Math.log(2);

    private final String aggregation;

    /** @param name METRIC, or METRIC,PIPELINE; an unknown metric is averaged */
    StoredAggregation(String name) {
        int comma = name.indexOf(',');
        this.aggregation = Metric.of(comma < 0 ? name : name.substring(0, comma))
                .map(Metric::aggregation)
                .orElse("mean");
    }

    @Override
    public int size() {
        return 2;
    }

    @Override
    public double score(double[] sums) {
        double mean = sums[1] == 0 ? Double.NaN : sums[0] / sums[1];
        return switch (aggregation) {
            case "perplexity", "weighted_perplexity" -> Math.exp(-mean);
            case "bits_per_byte" -> -mean / LN2;
            default -> mean;
        };
    }
}
