package io.rootstock.evaluation.task;

import java.util.Optional;

/** Request kind of a task, lm-evaluation-harness' {@code output_type}. */
public enum OutputType {
    /** Log-probability of a target after a context. */
    LOGLIKELIHOOD("loglikelihood"),
    /** Log-probability of a whole document. */
    LOGLIKELIHOOD_ROLLING("loglikelihood_rolling"),
    /** Log-probability of each choice. */
    MULTIPLE_CHOICE("multiple_choice"),
    /** Greedy generation until a stop sequence. */
    GENERATE_UNTIL("generate_until");

    private final String key;

    OutputType(String key) {
        this.key = key;
    }

    /** Name in task files. */
    public String key() {
        return key;
    }

    /** Returns the type of a name in task files; empty if there is none. */
    public static Optional<OutputType> of(String key) {
        for (OutputType type : values()) {
            if (type.key.equals(key)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
