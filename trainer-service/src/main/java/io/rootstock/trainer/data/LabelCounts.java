package io.rootstock.trainer.data;

import io.rootstock.dataset.Shard;
import io.rootstock.trainer.engine.batch.LabelLoss;
import io.rootstock.trainer.v1.ClassWeighting;
import io.rootstock.trainer.v1.Hyperparameters;
import java.util.List;

/** Computes class weights from the class frequencies. */
public final class LabelCounts {
    private LabelCounts() {}

    /**
     * Returns the label loss that the hyperparameters specify.
     *
     * @param train the split whose rows are counted
     * @param labels the classes in id order
     */
    public static LabelLoss loss(Hyperparameters values, Corpus train, List<String> labels) {
        double[] weights = new double[0];
        if (values.getClassWeightsCount() > 0) {
            weights = labels.stream()
                    .mapToDouble(label -> values.getClassWeightsOrDefault(label, 1.0))
                    .toArray();
        } else if (values.getClassWeighting() == ClassWeighting.CLASS_WEIGHTING_BALANCED) {
            weights = balanced(counts(train, labels.size()));
        }
        return new LabelLoss(weights, values.getLabelSmoothing(), values.getPrefixLoss());
    }

    /** Returns rows / (classes * rows of the class) for each class; a class without rows counts as one row. */
    static double[] balanced(long[] counts) {
        long rows = 0;
        for (long count : counts) {
            rows += count;
        }
        double[] weights = new double[counts.length];
        for (int label = 0; label < counts.length; label++) {
            weights[label] = (double) rows / (counts.length * (double) Math.max(1, counts[label]));
        }
        return weights;
    }

    private static long[] counts(Corpus corpus, int classes) {
        long[] counts = new long[classes];
        for (Corpus.Part part : corpus.parts()) {
            for (Shard shard : part.shards()) {
                for (long row = 0; row < shard.rows(); row++) {
                    counts[shard.label(row)]++;
                }
            }
        }
        return counts;
    }
}
