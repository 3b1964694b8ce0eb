package io.rootstock.trainer.engine.batch;

import java.util.Arrays;

/**
 * Preference pairs of a batch shard. The DPO loss depends on the log-probability of whole rows.
 *
 * @param batch the shard's rows
 */
public record PreferencePairs(PreferenceBatch batch) {
    /**
     * DPO loss of a shard.
     *
     * @param loss sum over the pairs, in nats
     * @param weights weights of the token losses under which their weighted sum has the gradient of the DPO loss
     */
    public record Outcome(double loss, TargetWeights weights) {}

    /**
     * Log-probability of each row's answer [2P], in nats.
     *
     * @param tokenLosses negative log-likelihood of each of the shard's positions [M], in nats
     */
    public static double[] logProbabilities(double[] tokenLosses, BatchShard shard) {
        double[] sums = new double[shard.rows()];
        int[] rows = shard.spans().rowsOf(shard.positions());
        for (int index = 0; index < tokenLosses.length; index++) {
            sums[rows[index]] -= tokenLosses[index];
        }
        return sums;
    }

    /**
     * DPO loss and the weights of its gradient. The weight of a token loss is beta * sigmoid(-margin), positive for the
     * chosen answer and negative for the rejected one.
     *
     * @param tokenLosses negative log-likelihood of each of the shard's positions [M], in nats
     */
    public Outcome outcome(double[] tokenLosses, BatchShard shard) {
        double[] margins = batch.margins(logProbabilities(tokenLosses, shard));
        double[] targetWeights = new double[tokenLosses.length];
        int[] rows = shard.spans().rowsOf(shard.positions());
        for (int index = 0; index < targetWeights.length; index++) {
            double dpoCoefficient = batch.beta() / (1 + Math.exp(margins[rows[index] / 2]));
            targetWeights[index] = rows[index] % 2 == 0 ? dpoCoefficient : -dpoCoefficient;
        }
        double loss = Arrays.stream(margins).map(PreferenceBatch::loss).sum();
        return new Outcome(loss, new TargetWeights(targetWeights, new double[0]));
    }
}
