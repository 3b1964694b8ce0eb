package io.rootstock.registry.gate;

import io.rootstock.evaluation.v1.Evaluation;
import java.util.Optional;

/** The evaluations that decide a gate. */
sealed interface Evidence {
    /** The decision needs no rows. */
    record Decided(boolean passed, String reason) implements Evidence {}

    /** The metric of one evaluation. */
    record Single(Evaluation evaluation) implements Evidence {}

    /** The contamination of one evaluation. */
    record Checked(Evaluation evaluation) implements Evidence {}

    /** The same rows in two evaluations; the second one is of the version. */
    record Pair(Evaluation first, Evaluation second) implements Evidence {}

    /** The evaluations to compare; empty if there are none. */
    default Optional<Pair> pair() {
        return this instanceof Pair pair ? Optional.of(pair) : Optional.empty();
    }
}
