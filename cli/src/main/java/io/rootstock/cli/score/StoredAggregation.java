package io.rootstock.cli.score;

import io.rootstock.evaluation.metric.CorpusMetric;
import io.rootstock.evaluation.task.Metric;
import java.util.Optional;

/** Aggregation of the scores that records hold: statistics are a score and its weight. */
final class StoredAggregation implements CorpusMetric {
    private final Optional<Metric> metric;

    /** @param name METRIC, or METRIC,PIPELINE; an unknown metric is averaged */
    StoredAggregation(String name) {
        int comma = name.indexOf(',');
        this.metric = Metric.of(comma < 0 ? name : name.substring(0, comma));
    }

    @Override
    public int size() {
        return 2;
    }

    @Override
    public double score(double[] sums) {
        double mean = sums[1] == 0 ? Double.NaN : sums[0] / sums[1];
        return metric.map(known -> known.aggregate(mean)).orElse(mean);
    }
}
