package io.rootstock.trainer.plan;

import static io.rootstock.trainer.v1.Optimizer.OPTIMIZER_MUON;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.engine.model.TrainingCost;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Muon;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.schedule.LearningRate;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.util.Optional;

/**
 * The resolved settings of a run.
 *
 * @param task the task
 * @param architecture architecture with every field set
 * @param classes number of labels of the classification head; 0 for a language model
 * @param hyperparameters every field is set, except that of tokens, seconds and epochs only those that bound the run
 *     are set
 * @param budget determines when the run ends
 * @param learningRate learning rate schedule
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
    /**
     * Cost of accumulating gradients, in tokens: each micro-batch reads and writes the gradient of every trained
     * weight, about 12 bytes per parameter, which takes as long as 6 FLOPs per parameter for this many tokens.
     */
    private static final int FULL_ACCUMULATION_TOKENS = 48;

    /**
     * Cost of a micro-batch with adapters, in tokens: packing the frozen weights twice and some 1,400 small products.
     */
    private static final int ADAPTER_ACCUMULATION_TOKENS = 64;

    /**
     * Cost of dequantization, in tokens: time in which a replica dequantizes 1.1 B weights twice per micro-batch
     * (decision 0108).
     */
    private static final int BFLOAT16_DEQUANTIZATION_TOKENS = 50;

    private static final int FLOAT32_DEQUANTIZATION_TOKENS = 12;

    /** Parameter counts and FLOPs of the model. */
    public ModelSize size() {
        return ModelSize.of(shape());
    }

    /** Trained part of the model, as the engine's type. */
    public Tuning tuning() {
        return TuningRule.tuning(hyperparameters);
    }

    /** Precision as the engine's type. */
    public Precision precision() {
        return switch (hyperparameters.getPrecision()) {
            case PRECISION_BFLOAT16 -> Precision.BFLOAT16;
            case PRECISION_FLOAT32, PRECISION_UNSPECIFIED, UNRECOGNIZED -> Precision.FLOAT32;
        };
    }

    /** Execution settings of a process, as the engine's type. */
    public Execution execution() {
        return Execution.of(precision(), hyperparameters.getThreads())
                .packing(hyperparameters.getPacking())
                .with(
                        switch (hyperparameters.getRecompute()) {
                            case RECOMPUTE_ATTENTION -> Recomputation.ATTENTION;
                            case RECOMPUTE_BLOCK -> Recomputation.BLOCK;
                            case RECOMPUTE_NONE, RECOMPUTE_UNSPECIFIED, UNRECOGNIZED -> Recomputation.NONE;
                        });
    }

    /** Optimizer settings as the engine's type. */
    public Optimizer.Settings optimizer() {
        return new Optimizer.Settings(
                hyperparameters.getBeta1(),
                hyperparameters.getBeta2(),
                1e-8,
                hyperparameters.getWeightDecay(),
                hyperparameters.getGradientClip(),
                hyperparameters.getOptimizer() == OPTIMIZER_MUON
                        ? Optional.of(Muon.Settings.DEFAULT)
                        : Optional.empty());
    }

    /** Shape of the model, with {@link ModelShape#NORM_EPSILON}. */
    public ModelShape shape() {
        return Shapes.shape(architecture, classes);
    }

    /**
     * FLOPs of training on one token.
     *
     * @param length tokens of a row
     */
    public double flopsPerToken(int length) {
        return tuning() instanceof Tuning.Full
                ? size().flopsPerToken(length)
                : TrainingCost.flopsPerToken(shape(), tuning(), length);
    }

    /**
     * FLOPs of recomputed activations, as a share of {@link #flopsPerToken}.
     *
     * @param length tokens of a row
     */
    public double recomputedShare(int length) {
        return TrainingCost.recomputedFlopsPerToken(
                        shape(), tuning(), execution().recomputation(), length)
                / flopsPerToken(length);
    }

    /** Cost of accumulating the gradients of a micro-batch, in tokens of forward and backward. */
    int accumulationTokens() {
        return (tuning() instanceof Tuning.Full ? FULL_ACCUMULATION_TOKENS : ADAPTER_ACCUMULATION_TOKENS)
                + dequantizationTokens();
    }

    /** Cost of dequantizing the base's weights in every replica per micro-batch, in tokens of forward and backward. */
    public int dequantizationTokens() {
        if (!TuningRule.quantizedBase(hyperparameters.getLora())) {
            return 0;
        }
        return hyperparameters.getThreads()
                * (precision() == Precision.BFLOAT16 ? BFLOAT16_DEQUANTIZATION_TOKENS : FLOAT32_DEQUANTIZATION_TOKENS);
    }

    /** Number of trained parameters, adapters included. */
    public long trainedParameters() {
        return TrainingCost.trainedParameters(shape(), tuning());
    }

    /** Training tokens of {@code steps} steps. */
    public long tokensAfter(long steps) {
        return Math.round(tokensPerStep * steps);
    }
}
