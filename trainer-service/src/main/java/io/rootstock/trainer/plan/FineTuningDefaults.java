package io.rootstock.trainer.plan;

import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Task;

/**
 * Defaults of a fine-tuning. A pre-trained base needs fewer passes and smaller steps than a small base of minutes: decision
 * 0109 has the sweep over four data sets.
 *
 * @param epochs passes over the training rows
 * @param learningRate peak
 * @param warmup share of the steps
 * @param patience validations without a better one after which the run ends; there are two an epoch
 */
record FineTuningDefaults(double epochs, double learningRate, double warmup, int patience) {
    /** Parameters of the layers from which on a base counts as pre-trained at length. */
    private static final long PRETRAINED_PARAMETERS = 50_000_000;
    /** Rows that a classifier of a pre-trained base sees at least: 500 steps of 16, which 150 classes need. */
    private static final double LEAST_ROWS_SEEN = 8000;
    /** Width of the model of the sweep. Wider models take smaller steps, inversely with the root of the width. */
    private static final double SWEEP_WIDTH = 576;

    /**
     * The defaults of a task.
     *
     * @param trainRows rows of the train split
     * @param lowRank adapters are trained
     */
    static FineTuningDefaults of(Task task, Architecture shape, ModelSize size, long trainRows, boolean lowRank) {
        return size.body() >= PRETRAINED_PARAMETERS
                ? pretrained(task, Math.sqrt(SWEEP_WIDTH / shape.getDimension()), trainRows, lowRank)
                : small(task, pretrainingRate(shape), lowRank);
    }

    /** Wider models need smaller steps: 2.5e-3 at width 256, inversely with the width. */
    static double pretrainingRate(Architecture shape) {
        return Math.min(4e-3, 2.5e-3 * 256.0 / shape.getDimension());
    }

    private static FineTuningDefaults pretrained(Task task, double scale, long trainRows, boolean lowRank) {
        return switch (task) {
            case TASK_CLASSIFICATION -> {
                double epochs = Math.clamp(Math.ceil(LEAST_ROWS_SEEN / Math.max(1, trainRows)), 3, 8);
                yield new FineTuningDefaults(epochs, scale * (lowRank ? 5e-4 : 1e-4), 0.1, 4);
            }
            case TASK_PREFERENCE -> new FineTuningDefaults(1, scale * (lowRank ? 5e-5 : 2e-6), 0.1, 4);
            case TASK_INSTRUCTION, TASK_PRETRAIN, TASK_UNSPECIFIED, UNRECOGNIZED ->
                new FineTuningDefaults(3, scale * (lowRank ? 5e-4 : 1e-4), 0.1, 4);
        };
    }

    /** A quarter of the pre-training rate or less, but all of it for adapters, which are few and start at zero. */
    private static FineTuningDefaults small(Task task, double pretraining, boolean lowRank) {
        return switch (task) {
            case TASK_CLASSIFICATION -> new FineTuningDefaults(8, lowRank ? pretraining : 0.2 * pretraining, 0.1, 6);
            case TASK_PREFERENCE -> new FineTuningDefaults(1, lowRank ? 0.1 * pretraining : 0.02 * pretraining, 0.1, 6);
            case TASK_INSTRUCTION, TASK_PRETRAIN, TASK_UNSPECIFIED, UNRECOGNIZED ->
                new FineTuningDefaults(3, lowRank ? pretraining : 0.3 * pretraining, 0.1, 6);
        };
    }
}
