package io.rootstock.trainer.engine.batch;

/**
 * Pairs of a chosen and a rejected answer to one prompt, for direct preference optimization (DPO, Rafailov et al. 2023).
 *
 * @param pairs number of pairs, P; row 2i holds the chosen answer of pair i, row 2i+1 the rejected one
 * @param length tokens per row, L
 * @param tokens ids of prompt and answer [2P*L]
 * @param targets id of the next token at each position of the answer, {@link LanguageBatch#NO_LOSS} elsewhere [2P*L]
 * @param reference log-probability of each answer under the reference model, in nats [2P]
 * @param beta DPO's beta: strength of the penalty for deviating from the reference model; above 0
 */
@SuppressWarnings("ArrayRecordComponent") // a view of the caller's buffers, never compared
public record PreferenceBatch(int pairs, int length, int[] tokens, int[] targets, double[] reference, double beta)
        implements Batch {
    /** Checks the sizes of the arrays and that beta is above 0. */
    public PreferenceBatch {
        BatchChecks.tokens(2 * pairs, length, tokens);
        BatchChecks.size("targets", targets, tokens.length);
        if (reference.length != 2 * pairs) {
            throw new IllegalArgumentException("reference must have " + 2 * pairs + " entries");
        }
        if (!(beta > 0)) {
            throw new IllegalArgumentException("beta must be above 0, was " + beta);
        }
    }

    @Override
    public int rows() {
        return 2 * pairs;
    }

    @Override
    public int[] lengths() {
        return LanguageBatch.lengths(rows(), length, targets);
    }

    /** Number of pairs: each counts as one prediction. */
    @Override
    public long lossTokens() {
        return pairs;
    }

    /**
     * Reward margin of each pair [P]: beta * ((log p(chosen) - reference) - (log p(rejected) - reference)). A positive
     * margin means that the model prefers the chosen answer.
     *
     * @param logProbabilities of each row's answer under the model, in nats [2P]
     */
    public double[] margins(double[] logProbabilities) {
        double[] margins = new double[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            double chosen = logProbabilities[2 * pair] - reference[2 * pair];
            double rejected = logProbabilities[2 * pair + 1] - reference[2 * pair + 1];
            margins[pair] = beta * (chosen - rejected);
        }
        return margins;
    }

    /** DPO loss of one pair, in nats: -log sigmoid(margin). */
    public static double loss(double margin) {
        return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
    }
}
