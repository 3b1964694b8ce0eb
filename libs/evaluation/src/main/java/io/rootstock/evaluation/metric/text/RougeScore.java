package io.rootstock.evaluation.metric.text;

/**
 * Precision, recall and F1 of a text, 0 to 1.
 *
 * @param precision matches relative to the text
 * @param recall matches relative to the reference
 */
public record RougeScore(double precision, double recall) {
    static final RougeScore ZERO = new RougeScore(0, 0);

    /** Harmonic mean of precision and recall; 0 if both are 0. */
    public double f1() {
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }
}
