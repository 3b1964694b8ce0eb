package io.rootstock.trainer.plan;

import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Task;

/**
 * Default hyperparameters of fine-tuning. A pre-trained base needs fewer epochs and lower learning rates than a small
 * base trained for minutes: decision 0109 documents the sweep over four datasets.
 *
 * @param epochs passes over the training rows
 * @param learningRate peak learning rate
 * @param warmup share of the steps with a rising learning rate
 * @param beta2 decay rate of AdamW's second moment
 * @param patience validations without improvement after which the run ends; there are two per epoch
 * @param prefixLoss share of a classifier's loss on the tokens before the last
 * @param tokenReplacement share of a classifier's training tokens that are replaced by random ones
 */
record FineTuningDefaults(
        double epochs,
        double learningRate,
        double warmup,
        double beta2,
        int patience,
        double prefixLoss,
        double tokenReplacement) {
    /** Minimum number of parameters outside the embedding of a pre-trained base. */
    private static final long PRETRAINED_PARAMETERS = 50_000_000;
    /**
     * Minimum number of rows, repeated ones included, that a classifier is trained on: 500 steps of 16, which 150
     * classes need.
     */
    private static final double MIN_ROWS_SEEN = 8000;
    /** Classes with few rows have gradients in few steps, which a second moment with a short memory forgets. */
    private static final double PRETRAINED_BETA2 = 0.999;

    private static final double SMALL_BETA2 = 0.98;
    /** A small base has trained no state that represents a text: each token learns the class (decisions 0095 and 0116). */
    private static final double SMALL_PREFIX_LOSS = 0.3;
    /** Rows, repeated ones included, on which a classifier of a small base is trained, within 24 to 96 epochs. */
    private static final double SMALL_ROWS_SEEN = 72_000;
    /** Rows at which the learning rate is 0.4 of pre-training's; fewer rows need a higher one (decision 0116). */
    private static final double SMALL_SWEEP_ROWS = 3000;

    /** A small base fits the training rows within a few epochs (decision 0116). */
    private static final double SMALL_TOKEN_REPLACEMENT = 0.3;

    /** Width of the sweep's model. The learning rate is inversely proportional to the square root of the width. */
    private static final double SWEEP_WIDTH = 576;

    /**
     * Returns the defaults of a task.
     *
     * @param trainRows rows of the train split
     * @param lowRank whether adapters are trained
     */
    static FineTuningDefaults of(Task task, Architecture shape, ModelSize size, long trainRows, boolean lowRank) {
        return isPretrained(size)
                ? pretrained(task, Math.sqrt(SWEEP_WIDTH / shape.getDimension()), trainRows, lowRank)
                : small(task, pretrainingRate(shape), trainRows, lowRank);
    }

    /** Whether a base counts as pre-trained. */
    static boolean isPretrained(ModelSize size) {
        return size.body() >= PRETRAINED_PARAMETERS;
    }

    /** Learning rate of pre-training: 2.5e-3 at width 256, inversely proportional to the width, at most 4e-3. */
    static double pretrainingRate(Architecture shape) {
        return Math.min(4e-3, 2.5e-3 * 256.0 / shape.getDimension());
    }

    private static FineTuningDefaults pretrained(Task task, double scale, long trainRows, boolean lowRank) {
        return switch (task) {
            case TASK_CLASSIFICATION -> {
                double epochs = Math.clamp(Math.ceil(MIN_ROWS_SEEN / Math.max(1, trainRows)), 3, 8);
                yield new FineTuningDefaults(epochs, scale * (lowRank ? 5e-4 : 1e-4), 0.1, PRETRAINED_BETA2, 4, 0, 0);
            }
            case TASK_PREFERENCE ->
                new FineTuningDefaults(1, scale * (lowRank ? 5e-5 : 2e-6), 0.1, PRETRAINED_BETA2, 4, 0, 0);
            case TASK_INSTRUCTION, TASK_PRETRAIN, TASK_UNSPECIFIED, UNRECOGNIZED ->
                new FineTuningDefaults(3, scale * (lowRank ? 5e-4 : 1e-4), 0.1, PRETRAINED_BETA2, 4, 0, 0);
        };
    }

    /**
     * Defaults of a small base: a share of the pre-training rate for full fine-tuning, and more for adapters, which have
     * few parameters and start at zero.
     */
    private static FineTuningDefaults small(Task task, double pretraining, long trainRows, boolean lowRank) {
        return switch (task) {
            case TASK_CLASSIFICATION -> {
                double rows = Math.max(1, trainRows);
                double epochs = Math.clamp(Math.ceil(SMALL_ROWS_SEEN / rows), 24, 96);
                double share = Math.clamp(0.4 * Math.sqrt(SMALL_SWEEP_ROWS / rows), 0.2, 0.8);
                yield new FineTuningDefaults(
                        epochs,
                        (lowRank ? 1 : share) * pretraining,
                        0.1,
                        SMALL_BETA2,
                        6,
                        SMALL_PREFIX_LOSS,
                        SMALL_TOKEN_REPLACEMENT);
            }
            case TASK_PREFERENCE ->
                new FineTuningDefaults(1, lowRank ? 0.1 * pretraining : 0.02 * pretraining, 0.1, SMALL_BETA2, 6, 0, 0);
            case TASK_INSTRUCTION, TASK_PRETRAIN, TASK_UNSPECIFIED, UNRECOGNIZED ->
                new FineTuningDefaults(3, lowRank ? pretraining : 0.3 * pretraining, 0.1, SMALL_BETA2, 6, 0, 0);
        };
    }
}
