package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.Hyperparameters;
import picocli.CommandLine.Option;

/** Hyperparameters of pre-training. */
final class PretrainingOptions {
    @Option(
            names = "--tokens",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Number of training tokens, for example 10M")
    private Long tokens;

    /** Adds the options that are set. */
    Hyperparameters addTo(Hyperparameters settings) {
        Hyperparameters.Builder all = settings.toBuilder();
        OptionalFields.setIfPresent(tokens, all::setTokens);
        return all.build();
    }
}
