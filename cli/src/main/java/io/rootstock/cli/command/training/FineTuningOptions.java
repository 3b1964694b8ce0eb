package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.Hyperparameters;
import picocli.CommandLine.Option;

/** Hyperparameters of all fine-tuning tasks. */
final class FineTuningOptions {
    @Option(names = "--epochs", paramLabel = "N", description = "Number of epochs over the training rows")
    private Double epochs;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Stop early after N validations without improvement and export the best weights; 0: never")
    private Integer patience;

    @Option(
            names = "--packing",
            paramLabel = "true|false",
            arity = "1",
            description = "Pack several rows into one sequence instead of padding [default: true on the CPU]")
    private Boolean packing;

    /** Adds the options that are set. */
    Hyperparameters addTo(Hyperparameters settings) {
        Hyperparameters.Builder all = settings.toBuilder();
        OptionalFields.setIfPresent(epochs, all::setEpochs);
        OptionalFields.setIfPresent(patience, all::setPatience);
        OptionalFields.setIfPresent(packing, all::setPacking);
        return all.build();
    }
}
