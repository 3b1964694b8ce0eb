package io.rootstock.trainer.engine;

import java.util.Arrays;

/**
 * The pairs of a part, whose loss depends on whole rows.
 *
 * @param batch the part's rows by themselves
 */
record Pairs(PreferenceBatch batch) {
    /**
     * What follows from the surprises.
     *
     * @param loss sum over the pairs
     * @param weights of the positions' surprises, by which the sum's gradient is that of the loss
     */
    record Outcome(double loss, TargetWeights weights) {}

    /** Log-probability of each row's answer. */
    static double[] logProbabilities(double[] surprises, Part part) {
        double[] sums = new double[part.rows()];
        int[] rows = part.spans().rowsOf(part.positions());
        for (int index = 0; index < surprises.length; index++) {
            sums[rows[index]] -= surprises[index];
        }
        return sums;
    }

    Outcome outcome(double[] surprises, Part part) {
        double[] margins = batch.margins(logProbabilities(surprises, part));
        double[] own = new double[surprises.length];
        int[] rows = part.spans().rowsOf(part.positions());
        for (int index = 0; index < own.length; index++) {
            double pull = batch.beta() / (1 + Math.exp(margins[rows[index] / 2]));
            own[index] = rows[index] % 2 == 0 ? pull : -pull;
        }
        double loss = Arrays.stream(margins).map(PreferenceBatch::loss).sum();
        return new Outcome(loss, new TargetWeights(own, new double[0]));
    }
}
