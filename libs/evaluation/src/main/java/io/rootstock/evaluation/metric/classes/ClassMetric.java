package io.rootstock.evaluation.metric.classes;

/** Metrics of a confusion matrix. */
public enum ClassMetric {
    ACCURACY,
    MACRO_F1,
    MICRO_F1,
    WEIGHTED_F1,
    MATTHEWS_CORRELATION;

    /** Computes the metric. */
    public double of(ConfusionMatrix matrix) {
        return switch (this) {
            case ACCURACY -> matrix.accuracy();
            case MACRO_F1 -> matrix.macroF1();
            case MICRO_F1 -> matrix.microF1();
            case WEIGHTED_F1 -> matrix.weightedF1();
            case MATTHEWS_CORRELATION -> matrix.matthewsCorrelation();
        };
    }
}
