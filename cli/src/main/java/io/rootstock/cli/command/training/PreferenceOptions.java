package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.Hyperparameters;
import picocli.CommandLine.Option;

/** Hyperparameters of preference optimization (DPO). */
final class PreferenceOptions {
    @Option(
            names = "--preference-beta",
            paramLabel = "X",
            description = "How strongly leaving the base is held against the model. Default: 0.1.")
    private Double beta;

    /** Whether an option was given. */
    boolean isGiven() {
        return beta != null;
    }

    /** Adds the given options. */
    Hyperparameters addTo(Hyperparameters settings) {
        Hyperparameters.Builder all = settings.toBuilder();
        OptionalFields.setIfPresent(beta, all::setPreferenceBeta);
        return all.build();
    }
}
