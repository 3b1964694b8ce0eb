package io.rootstock.evaluator.scoring;

import io.rootstock.evaluation.task.core.CoreTask;

/** Form of the requests for the log-probability of a row's continuations. */
public enum RequestForm {
    /** Texts, cut after the context's tokens, as lm-evaluation-harness does. */
    TEXTS,
    /** Tokens from the first one in which the choices differ, as nanochat does for CORE's multiple choice. */
    CORE_MULTIPLE_CHOICE,
    /** The tokens that the prompts have in common at their end, as nanochat does for CORE's schema. */
    CORE_SCHEMA;

    /** The form of a CORE task; tokens after the context are those of {@link #TEXTS}. */
    public static RequestForm of(CoreTask.Kind kind) {
        return switch (kind) {
            case MULTIPLE_CHOICE -> CORE_MULTIPLE_CHOICE;
            case SCHEMA -> CORE_SCHEMA;
            case LANGUAGE_MODELING -> TEXTS;
        };
    }
}
