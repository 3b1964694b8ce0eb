package io.rootstock.trainer.plan;

import static io.rootstock.trainer.plan.RefusedSpecException.unless;

import io.rootstock.trainer.v1.ClassWeighting;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.util.List;
import java.util.Map;

/** Validates the settings of a classifier's label loss. */
public final class ClassificationRule {
    /** Epochs from which on a small base fits its rows; the length of a run that is limited by time is not known. */
    private static final double MANY_EPOCHS = 8;

    private ClassificationRule() {}

    /** Rejects class weights of labels that the dataset does not have. */
    public static void checkLabels(Hyperparameters asked, List<String> labels) {
        for (String label : asked.getClassWeightsMap().keySet()) {
            unless(
                    labels.contains(label),
                    "hyperparameters.class_weights",
                    "names the label '" + label + "', the dataset has " + labels);
        }
    }

    /**
     * Resolves the settings.
     *
     * @param defaults prefix loss if the spec sets neither it nor label smoothing, and token replacement
     */
    static void resolve(
            Task task, Hyperparameters asked, FineTuningDefaults defaults, Hyperparameters.Builder resolved) {
        boolean classification = task == Task.TASK_CLASSIFICATION;
        boolean balanced = asked.getClassWeighting() == ClassWeighting.CLASS_WEIGHTING_BALANCED;
        unless(
                asked.getClassWeighting() != ClassWeighting.UNRECOGNIZED,
                "hyperparameters.class_weighting",
                "is not known");
        unless(classification || !balanced, "hyperparameters.class_weighting", "is for classification");
        unless(
                classification || asked.getClassWeightsCount() == 0,
                "hyperparameters.class_weights",
                "are for classification");
        unless(
                !balanced || asked.getClassWeightsCount() == 0,
                "hyperparameters.class_weights",
                "are given; leave class_weighting out");
        for (Map.Entry<String, Double> weight : asked.getClassWeightsMap().entrySet()) {
            unless(
                    weight.getValue() > 0 && weight.getValue() <= 1e6,
                    "hyperparameters.class_weights",
                    "must be above 0 and at most 1000000, that of '" + weight.getKey() + "' was " + weight.getValue());
        }
        double smoothing = asked.getLabelSmoothing();
        unless(
                smoothing >= 0 && smoothing < 1,
                "hyperparameters.label_smoothing",
                "must be 0 or more and below 1, was " + smoothing);
        unless(classification || smoothing == 0, "hyperparameters.label_smoothing", "is for classification");
        double prefixLoss = asked.hasPrefixLoss() || smoothing > 0 ? asked.getPrefixLoss() : defaults.prefixLoss();
        unless(
                prefixLoss >= 0 && prefixLoss < 1,
                "hyperparameters.prefix_loss",
                "must be 0 or more and below 1, was " + prefixLoss);
        unless(classification || prefixLoss == 0, "hyperparameters.prefix_loss", "is for classification");
        unless(
                prefixLoss == 0 || smoothing == 0,
                "hyperparameters.prefix_loss",
                "and label_smoothing exclude each other; leave one out");
        double standard = resolved.getEpochs() >= MANY_EPOCHS ? defaults.tokenReplacement() : 0;
        double replacement = asked.hasTokenReplacement() ? asked.getTokenReplacement() : standard;
        unless(
                replacement >= 0 && replacement < 1,
                "hyperparameters.token_replacement",
                "must be 0 or more and below 1, was " + replacement);
        unless(classification || replacement == 0, "hyperparameters.token_replacement", "is for classification");
        resolved.setClassWeighting(
                        balanced ? ClassWeighting.CLASS_WEIGHTING_BALANCED : ClassWeighting.CLASS_WEIGHTING_NONE)
                .putAllClassWeights(asked.getClassWeightsMap())
                .setLabelSmoothing(smoothing)
                .setPrefixLoss(prefixLoss)
                .setTokenReplacement(replacement);
    }
}
