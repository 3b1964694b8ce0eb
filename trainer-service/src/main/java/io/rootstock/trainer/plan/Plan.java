package io.rootstock.trainer.plan;

import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.schedule.LearningRate;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;

/**
 * A run with nothing left open.
 *
 * @param task what is trained
 * @param architecture every field set
 * @param classes labels of the classification head; 0 for a language model
 * @param hyperparameters every field set, except tokens, seconds and epochs, of which those that bound the run are
 * @param budget when the run ends
 * @param learningRate the schedule
 * @param tokensPerStep tokens of an optimizer step; for fine-tuning the expected number
 */
public record Plan(
        Task task,
        Architecture architecture,
        int classes,
        Hyperparameters hyperparameters,
        Budget budget,
        LearningRate learningRate,
        double tokensPerStep) {
    /** Parameters and arithmetic. */
    public ModelSize size() {
        return ModelSize.of(architecture, classes);
    }

    /** Training tokens when the run takes {@code steps} steps. */
    public long tokensAfter(long steps) {
        return Math.round(tokensPerStep * steps);
    }
}
