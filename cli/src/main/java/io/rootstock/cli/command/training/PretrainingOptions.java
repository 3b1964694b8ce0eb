package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.Hyperparameters;
import picocli.CommandLine.Option;

/** Hyperparameters of pre-training only. */
final class PretrainingOptions {
    @Option(
            names = "--tokens",
            paramLabel = "N",
            converter = CountConverter.class,
            description = "Stop after this many training tokens, such as 10M.")
    private Long tokens;

    /** Adds the given options. */
    Hyperparameters addTo(Hyperparameters settings) {
        Hyperparameters.Builder all = settings.toBuilder();
        OptionalFields.setIfPresent(tokens, all::setTokens);
        return all.build();
    }
}
