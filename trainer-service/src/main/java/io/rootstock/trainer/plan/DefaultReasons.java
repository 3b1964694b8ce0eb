package io.rootstock.trainer.plan;

import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Explains the defaults of a fine-tuning run to users: values that the request leaves out, and why they were chosen. */
public final class DefaultReasons {
    private DefaultReasons() {}

    /**
     * Returns a line for each default, such as {@code epochs 8: small base}; empty for pre-training.
     *
     * @param asked hyperparameters of the request
     * @param trainRows rows of the train split
     */
    public static List<String> of(Hyperparameters asked, Plan plan, long trainRows) {
        List<String> reasons = new ArrayList<>();
        if (plan.task() == Task.TASK_PRETRAIN) {
            return reasons;
        }
        Hyperparameters values = plan.hyperparameters();
        boolean pretrained = FineTuningDefaults.isPretrained(plan.size());
        String base = String.format(
                Locale.ROOT,
                "%s base (%.1fM parameters outside the embedding)",
                pretrained ? "pre-trained" : "small",
                plan.size().body() / 1e6);
        if (values.hasEpochs() && !asked.hasEpochs()) {
            reasons.add("epochs " + number(values.getEpochs()) + ": " + base + ", " + trainRows + " rows");
        }
        if (!asked.hasLearningRate()) {
            reasons.add("learning rate " + number(values.getLearningRate()) + ": " + base + ", width "
                    + plan.architecture().getDimension() + ", "
                    + (TuningRule.lowRank(asked) ? "adapters" : "all weights")
                    + (plan.task() == Task.TASK_CLASSIFICATION && !pretrained ? ", " + trainRows + " rows" : ""));
        }
        if (values.getPrefixLoss() > 0 && !asked.hasPrefixLoss()) {
            reasons.add("prefix loss " + number(values.getPrefixLoss()) + ": " + base);
        }
        if (values.getTokenReplacement() > 0 && !asked.hasTokenReplacement()) {
            reasons.add("token replacement " + number(values.getTokenReplacement()) + ": " + base);
        }
        if (!asked.hasPatience()) {
            double epochs = (double) values.getPatience()
                    * values.getValidationInterval()
                    * values.getBatchRows()
                    / Math.max(1, trainRows);
            reasons.add(String.format(
                    Locale.ROOT,
                    "early stopping: after %d validations (%.1f epochs) without a %s; the best weights are exported",
                    values.getPatience(),
                    epochs,
                    plan.task() == Task.TASK_CLASSIFICATION ? "higher accuracy" : "lower loss"));
        }
        return reasons;
    }

    private static String number(double value) {
        return new BigDecimal(value)
                .round(new MathContext(3))
                .stripTrailingZeros()
                .toPlainString();
    }
}
