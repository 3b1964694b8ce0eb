package io.rootstock.evaluation.task.score;

/** Response of a model to one request. */
public sealed interface Response {
    /**
     * Response to a loglikelihood request.
     *
     * @param logprob sum of the log-probabilities of the scored tokens, in nats
     * @param greedy whether each scored token is the most probable one
     * @param tokens number of scored tokens, at least 1
     */
    record Loglikelihood(double logprob, boolean greedy, int tokens) implements Response {
        public Loglikelihood {
            requireLogprob(logprob);
            if (tokens < 1) {
                throw new IllegalArgumentException("a continuation has " + tokens + " scored tokens");
            }
        }
    }

    /**
     * Response to a rolling request.
     *
     * @param logprob sum of the log-probabilities of all tokens of the document, in nats
     */
    record Rolling(double logprob) implements Response {
        public Rolling {
            requireLogprob(logprob);
        }
    }

    /**
     * Response to a generation request.
     *
     * @param text generated text before the stop sequence
     * @param ending why it ends
     */
    record Generated(String text, Ending ending) implements Response {
        /** Creates a response whose ending is not known. */
        public Generated(String text) {
            this(text, Ending.UNKNOWN);
        }
    }

    /** Reason why a generated text ends. */
    enum Ending {
        /** An end-of-text token or a stop sequence. */
        BY_ITSELF,
        /** The token limit. */
        LIMIT,
        /** Not stated, as in records of earlier releases. */
        UNKNOWN
    }

    private static void requireLogprob(double logprob) {
        if (Double.isNaN(logprob) || logprob == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("invalid log-probability " + logprob);
        }
    }
}
