package io.rootstock.trainer.engine;

/**
 * Pairs of answers to the same prompt, for direct preference optimization (Rafailov et al. 2023): the model shall raise
 * the probability of the chosen answer over the rejected one's, compared with a reference model.
 *
 * @param pairs P; row 2i of the arrays is the chosen answer of pair i and row 2i+1 the rejected one
 * @param length L
 * @param tokens ids of prompt and answer [2P*L]
 * @param targets id that each position shall predict, or {@link LanguageBatch#NO_LOSS} outside the answer [2P*L]
 * @param reference log-probability of each row's answer under the reference model, nats [2P]
 * @param beta how strongly leaving the reference is held against the model
 */
@SuppressWarnings("ArrayRecordComponent") // a view of the caller's buffers: compared by nobody, copied by nobody
public record PreferenceBatch(int pairs, int length, int[] tokens, int[] targets, double[] reference, double beta)
        implements Batch {
    /** Checks that the arrays have the stated size and beta lets something be learned. */
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

    /** Each pair is one prediction. */
    @Override
    public long lossTokens() {
        return pairs;
    }

    /**
     * How clearly each pair is told apart, given the rows' log-probabilities under the model: beta times the difference
     * of the two answers' gains over the reference. Above 0 the chosen answer is preferred.
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

    /** Loss of a pair with this margin, nats: -log sigmoid. */
    public static double loss(double margin) {
        return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
    }
}
