package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.ClassWeighting;
import io.rootstock.trainer.v1.Hyperparameters;
import java.util.Map;
import picocli.CommandLine.Option;

/** Hyperparameters of classification. */
final class ClassificationOptions {
    enum Weighting {
        NONE,
        BALANCED
    }

    @Option(
            names = "--class-weights",
            paramLabel = "none|balanced",
            description = "Class weights of the loss: equal per row (none) or inverse to class frequency"
                    + " (balanced) [default: none]")
    private Weighting weighting;

    @Option(
            names = "--class-weight",
            paramLabel = "LABEL=WEIGHT",
            description = "Weight of one label, repeatable; other labels have weight 1")
    private Map<String, Double> weights;

    @Option(
            names = "--label-smoothing",
            paramLabel = "SHARE",
            description = "Fraction of each target distributed over all labels [default: 0]")
    private Double smoothing;

    @Option(
            names = "--prefix-loss",
            paramLabel = "SHARE",
            description = "Fraction of each row's loss computed at tokens before the last [default: 0.3 for a"
                    + " small base, else 0]")
    private Double prefixLoss;

    @Option(
            names = "--token-replacement",
            paramLabel = "SHARE",
            description = "Fraction of a training row's tokens replaced by random ones, others in each epoch [default:"
                    + " 0.3 for a small base and 8 or more epochs, else 0]")
    private Double tokenReplacement;

    /** Whether any option is set. */
    boolean isSet() {
        return weighting != null
                || weights != null
                || smoothing != null
                || prefixLoss != null
                || tokenReplacement != null;
    }

    /** Adds the options that are set. */
    Hyperparameters addTo(Hyperparameters settings) {
        Hyperparameters.Builder all = settings.toBuilder();
        if (weighting != null) {
            all.setClassWeighting(
                    switch (weighting) {
                        case NONE -> ClassWeighting.CLASS_WEIGHTING_NONE;
                        case BALANCED -> ClassWeighting.CLASS_WEIGHTING_BALANCED;
                    });
        }
        if (weights != null) {
            all.putAllClassWeights(weights);
        }
        OptionalFields.setIfPresent(smoothing, all::setLabelSmoothing);
        OptionalFields.setIfPresent(prefixLoss, all::setPrefixLoss);
        OptionalFields.setIfPresent(tokenReplacement, all::setTokenReplacement);
        return all.build();
    }
}
