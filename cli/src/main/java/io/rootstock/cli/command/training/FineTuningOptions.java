package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.Hyperparameters;
import picocli.CommandLine.Option;

/** Hyperparameters of every fine-tuning task, and of no pre-training. */
final class FineTuningOptions {
    @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training rows.")
    private Double epochs;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "End after N validations without a better one; the best weights are exported. 0: never.")
    private Integer patience;

    @Option(
            names = "--packing",
            paramLabel = "true|false",
            arity = "1",
            description = "Put rows one behind the other instead of padding them to one length. Default: false.")
    private Boolean packing;

    /** Adds the given options. */
    Hyperparameters addTo(Hyperparameters settings) {
        Hyperparameters.Builder all = settings.toBuilder();
        OptionalFields.setIfPresent(epochs, all::setEpochs);
        OptionalFields.setIfPresent(patience, all::setPatience);
        OptionalFields.setIfPresent(packing, all::setPacking);
        return all.build();
    }
}
