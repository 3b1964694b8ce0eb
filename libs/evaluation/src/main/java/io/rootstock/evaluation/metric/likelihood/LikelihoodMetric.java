package io.rootstock.evaluation.metric.likelihood;

import io.rootstock.evaluation.metric.CorpusMetric;

/**
 * Metrics of the negative log-likelihood of texts. Statistics of a row: {@link Likelihood#statistics()}. The sums of a
 * corpus are divided once, so that long rows weigh more than short ones; NaN where the divisor is 0.
 */
public enum LikelihoodMetric implements CorpusMetric {
    /** exp(nats / tokens); comparable between models of one tokenizer only. */
    PERPLEXITY {
        @Override
        public double score(double[] sums) {
            return Math.exp(sums[0] / sums[1]);
        }
    },
    /** Mean loss of a token: nats / tokens. */
    NATS_PER_TOKEN {
        @Override
        public double score(double[] sums) {
            return sums[0] / sums[1];
        }
    },
    /** nats / ln 2 / UTF-8 bytes; comparable between tokenizers. */
    BITS_PER_BYTE {
        @Override
        public double score(double[] sums) {
            return sums[0] / LN_2 / sums[2];
        }
    };

    private static final double LN_2 = Math.log(2);

    @Override
    public int size() {
        return Likelihood.STATISTICS;
    }

    /** Computes the metric of a row or of a sum of rows. */
    public double of(Likelihood likelihood) {
        return score(likelihood.statistics());
    }
}
