package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.Hyperparameters;
import picocli.CommandLine.Option;

/** Hyperparameters of preference optimization (DPO). */
final class PreferenceOptions {
    @Option(
            names = "--preference-beta",
            paramLabel = "X",
            description = "DPO beta: higher values keep the model closer to its base [default: 0.1]")
    private Double beta;

    /** Whether any option is set. */
    boolean isSet() {
        return beta != null;
    }

    /** Adds the options that are set. */
    Hyperparameters addTo(Hyperparameters settings) {
        Hyperparameters.Builder all = settings.toBuilder();
        OptionalFields.setIfPresent(beta, all::setPreferenceBeta);
        return all.build();
    }
}
