package io.rootstock.registry.evaluation;

import io.rootstock.evaluation.v1.EvaluationState;
import io.rootstock.names.EnumNames;

/** Evaluation states: their names in the database, and the terminal states. */
final class EvaluationStates {
    private EvaluationStates() {}

    static String column(EvaluationState state) {
        return EnumNames.of(state);
    }

    static EvaluationState fromColumn(String column) {
        return EnumNames.parse(EvaluationState.class, column);
    }

    static boolean isTerminal(EvaluationState state) {
        return switch (state) {
            case EVALUATION_STATE_SUCCEEDED, EVALUATION_STATE_FAILED, EVALUATION_STATE_CANCELLED -> true;
            case EVALUATION_STATE_QUEUED, EVALUATION_STATE_RUNNING, EVALUATION_STATE_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }
}
