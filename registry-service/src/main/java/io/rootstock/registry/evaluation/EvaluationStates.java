package io.rootstock.registry.evaluation;

import io.rootstock.evaluation.v1.EvaluationState;

/** Evaluation states: their names in the database, and the terminal states. */
final class EvaluationStates {
    private static final String PREFIX = "EVALUATION_STATE_";

    private EvaluationStates() {}

    static String column(EvaluationState state) {
        return state.name().substring(PREFIX.length());
    }

    static EvaluationState fromColumn(String column) {
        return EvaluationState.valueOf(PREFIX + column);
    }

    static boolean isTerminal(EvaluationState state) {
        return switch (state) {
            case EVALUATION_STATE_SUCCEEDED, EVALUATION_STATE_FAILED, EVALUATION_STATE_CANCELLED -> true;
            case EVALUATION_STATE_QUEUED, EVALUATION_STATE_RUNNING, EVALUATION_STATE_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }
}
