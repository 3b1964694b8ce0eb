package io.rootstock.trainer.engine.batch;

import java.util.Arrays;

/**
 * Weights of the cross-entropy terms. The loss of row m is targetWeights[m] * -log p(target) plus the sum over all classes
 * c of smoothingWeights[c] * -log p(c).
 *
 * @param targetWeights weight of each row's target [M]
 * @param smoothingWeights weight of each class in every row [V], for label smoothing; empty without it
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, never compared
public record TargetWeights(double[] targetWeights, double[] smoothingWeights) {
    private static final double[] NO_SMOOTHING = new double[0];

    /** Weight 1 for each target, without label smoothing. */
    public static TargetWeights plain(int rows) {
        double[] targetWeights = new double[rows];
        Arrays.fill(targetWeights, 1);
        return new TargetWeights(targetWeights, NO_SMOOTHING);
    }

    /** Weights of the rows from (inclusive) to (exclusive). */
    public TargetWeights rows(int from, int to) {
        return new TargetWeights(Arrays.copyOfRange(targetWeights, from, to), smoothingWeights);
    }

    /** Sum of the smoothing weights; 0 without label smoothing. */
    public double smoothingWeightSum() {
        return Arrays.stream(smoothingWeights).sum();
    }
}
