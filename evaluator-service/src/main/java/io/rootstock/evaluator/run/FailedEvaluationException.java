package io.rootstock.evaluator.run;

/** The evaluation cannot be finished; the message states reason and remedy, for users. */
final class FailedEvaluationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FailedEvaluationException(String message) {
        super(message);
    }
}
