package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.ClassWeighting;
import io.rootstock.trainer.v1.Hyperparameters;
import java.util.Map;
import picocli.CommandLine.Option;

/** Hyperparameters of classification: how labels count in the loss. */
final class ClassificationOptions {
    /** Weightings as typed. */
    enum Weighting {
        /** Every row alike. */
        NONE,
        /** Every class alike. */
        BALANCED
    }

    @Option(
            names = "--class-weights",
            paramLabel = "none|balanced",
            description = "Weigh every row alike, or every class alike. Default: none.")
    private Weighting weighting;

    @Option(
            names = "--class-weight",
            paramLabel = "LABEL=WEIGHT",
            description = "Weight of one label, repeatable; labels not named weigh 1.")
    private Map<String, Double> weights;

    @Option(
            names = "--label-smoothing",
            paramLabel = "SHARE",
            description = "Share of each target spread over all labels. Default: 0.")
    private Double smoothing;

    @Option(
            names = "--prefix-loss",
            paramLabel = "SHARE",
            description = "Share of each row's loss that lies on its earlier tokens. Default: 0.")
    private Double prefixLoss;

    /** Whether an option was given. */
    boolean isGiven() {
        return weighting != null || weights != null || smoothing != null || prefixLoss != null;
    }

    /** Adds the given options. */
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
        return all.build();
    }
}
