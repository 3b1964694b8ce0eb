package io.rootstock.trainer.export;

/**
 * What a variant says about the sample.
 *
 * @param nats cross-entropy of its predictions, summed
 * @param predictions tokens predicted, or rows classified
 * @param classes the class it gives each row; empty of a language model
 * @param rows rows of the sample that were measured
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Measurement(double nats, long predictions, int[] classes, int rows) {
    /** The exponential of the mean cross-entropy. */
    double perplexity() {
        return Math.exp(nats / predictions);
    }

    /** Share of the rows that it gives the right class. */
    double accuracy(Sample sample) {
        int right = 0;
        for (int row = 0; row < classes.length; row++) {
            int[] targets = sample.rows().get(row).targets();
            right += classes[row] == targets[targets.length - 1] ? 1 : 0;
        }
        return (double) right / classes.length;
    }

    /** Share of the rows that it gives the same class as another. */
    double agreement(Measurement other) {
        int same = 0;
        int compared = Math.min(classes.length, other.classes.length);
        for (int row = 0; row < compared; row++) {
            same += classes[row] == other.classes[row] ? 1 : 0;
        }
        return (double) same / compared;
    }
}
