package io.rootstock.trainer.export;

/**
 * Result of a quantization on the sample.
 *
 * @param nats sum of the cross-entropy of its predictions
 * @param predictions number of predicted tokens or classified rows
 * @param classes predicted class of each row; empty for a language model
 * @param rows number of measured rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Measurement(double nats, long predictions, int[] classes, int rows) {
    /** The exponential of the mean cross-entropy. */
    double perplexity() {
        return Math.exp(nats / predictions);
    }

    /** Share of the rows that are classified correctly. */
    double accuracy(Sample sample) {
        int right = 0;
        for (int row = 0; row < classes.length; row++) {
            int[] targets = sample.rows().get(row).targets();
            right += classes[row] == targets[targets.length - 1] ? 1 : 0;
        }
        return (double) right / classes.length;
    }

    /** Share of the rows with the same predicted class as in another measurement. */
    double agreement(Measurement other) {
        int same = 0;
        int compared = Math.min(classes.length, other.classes.length);
        for (int row = 0; row < compared; row++) {
            same += classes[row] == other.classes[row] ? 1 : 0;
        }
        return (double) same / compared;
    }
}
