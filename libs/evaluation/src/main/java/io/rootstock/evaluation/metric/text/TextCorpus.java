package io.rootstock.evaluation.metric.text;

import java.util.List;

/** Sums the statistics of texts and scores them as one corpus. Holds no texts. */
public final class TextCorpus {
    private final TextMetric metric;
    private final double[] sums;
    private long rows;
    private int references;
    private boolean varying;

    /** Creates an empty corpus. */
    public TextCorpus(TextMetric metric) {
        this.metric = metric;
        this.sums = new double[metric.size()];
    }

    /** Adds a text with one reference. */
    public void add(String text, String reference) {
        add(text, List.of(reference));
    }

    /**
     * Adds a text with its references.
     *
     * @return the statistics of the row, for {@link io.rootstock.evaluation.metric.WeightedRows}
     * @throws IllegalArgumentException if the references are empty
     */
    public double[] add(String text, List<String> texts) {
        double[] statistics = metric.statistics(text, texts);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += statistics[i];
        }
        varying |= rows > 0 && texts.size() != references;
        references = texts.size();
        rows++;
        return statistics;
    }

    /** Number of texts. */
    public long rows() {
        return rows;
    }

    /** Score of the corpus, 0 to 100; 0 for an empty one. */
    public double score() {
        return metric.score(sums);
    }

    /** The metric's signature with the number of references that were added. */
    public String signature() {
        return metric.signature(varying ? "var" : Integer.toString(references));
    }
}
