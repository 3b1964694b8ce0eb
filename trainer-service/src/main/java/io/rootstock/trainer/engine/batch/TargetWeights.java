package io.rootstock.trainer.engine;

import java.util.Arrays;

/**
 * What each prediction's loss is made of: its target's surprise times a weight, and every class's times another.
 *
 * @param own weight of each row's target [M]
 * @param everywhere weight of each class in every row [V]; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one step, compared by nobody
record TargetWeights(double[] own, double[] everywhere) {
    private static final double[] NOWHERE = new double[0];

    /** Each target counts once. */
    static TargetWeights plain(int rows) {
        double[] own = new double[rows];
        Arrays.fill(own, 1);
        return new TargetWeights(own, NOWHERE);
    }

    /** Those of some rows. */
    TargetWeights rows(int from, int to) {
        return new TargetWeights(Arrays.copyOfRange(own, from, to), everywhere);
    }

    double everywhereInAll() {
        return Arrays.stream(everywhere).sum();
    }
}
