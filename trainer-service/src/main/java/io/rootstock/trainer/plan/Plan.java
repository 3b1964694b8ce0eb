package io.rootstock.trainer.plan;

import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.model.ModelShape;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.engine.model.TrainingCost;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.MuonSettings;
import io.rootstock.trainer.engine.optimizer.OptimizerSettings;
import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.schedule.LearningRate;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Optimizer;
import io.rootstock.trainer.v1.Task;
import java.util.Optional;

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
    /**
     * Each micro-batch reads and writes the gradient of every trained weight: about 12 bytes a parameter, as long as the 6
     * FLOPs a parameter of this many tokens take.
     */
    private static final int FULL_ACCUMULATION_TOKENS = 48;

    /** With adapters, the fixed costs of a micro-batch: packing the frozen weights twice and some 1,400 small products. */
    private static final int ADAPTER_ACCUMULATION_TOKENS = 64;

    /** A replica dequantizes 1.1 B weights twice a micro-batch in the time of this many tokens (decision 0108). */
    private static final int BFLOAT16_DEQUANTIZATION_TOKENS = 50;

    private static final int FLOAT32_DEQUANTIZATION_TOKENS = 12;

    /** Parameters and arithmetic. */
    public ModelSize size() {
        return ModelSize.of(architecture, classes);
    }

    /** What of the model is trained. */
    public Tuning tuning() {
        return TuningRule.tuning(hyperparameters);
    }

    /** The arithmetic in the engine's words. */
    public Precision precision() {
        return switch (hyperparameters.getPrecision()) {
            case PRECISION_BFLOAT16 -> Precision.BFLOAT16;
            case PRECISION_FLOAT32, PRECISION_UNSPECIFIED, UNRECOGNIZED -> Precision.FLOAT32;
        };
    }

    /** How a process computes it, in the engine's words. */
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

    /** The optimizer in the engine's words. */
    public OptimizerSettings optimizer() {
        return new OptimizerSettings(
                hyperparameters.getBeta1(),
                hyperparameters.getBeta2(),
                1e-8,
                hyperparameters.getWeightDecay(),
                hyperparameters.getGradientClip(),
                hyperparameters.getOptimizer() == Optimizer.OPTIMIZER_MUON
                        ? Optional.of(MuonSettings.DEFAULT)
                        : Optional.empty());
    }

    /** The shape in the engine's words. */
    public ModelShape shape(double normEpsilon) {
        return new ModelShape(
                architecture.getVocabularySize(),
                architecture.getDimension(),
                architecture.getDepth(),
                architecture.getHeads(),
                architecture.getKeyValueHeads(),
                architecture.getFeedForward(),
                architecture.getContextLength(),
                normEpsilon,
                architecture.getRopeTheta(),
                architecture.getTiedEmbeddings(),
                classes,
                Heads.form(architecture));
    }

    /**
     * Floating-point operations of training on one token.
     *
     * @param length tokens of a row
     */
    public double flopsPerToken(int length) {
        return tuning() instanceof Tuning.Full
                ? size().flopsPerToken(length)
                : TrainingCost.flopsPerToken(shape(1e-5), tuning(), length);
    }

    /**
     * Work of the forward that is done twice, as a share of {@link #flopsPerToken}.
     *
     * @param length tokens of a row
     */
    public double recomputedShare(int length) {
        return TrainingCost.recomputedFlopsPerToken(
                        shape(1e-5), tuning(), execution().recomputation(), length)
                / flopsPerToken(length);
    }

    /** What accumulating the gradients of a micro-batch costs, in tokens of forward and backward. */
    int accumulationTokens() {
        return (tuning() instanceof Tuning.Full ? FULL_ACCUMULATION_TOKENS : ADAPTER_ACCUMULATION_TOKENS)
                + dequantizationTokens();
    }

    /** What dequantizing the base's weights in every replica costs a micro-batch, in tokens of forward and backward. */
    public int dequantizationTokens() {
        if (!TuningRule.quantizedBase(hyperparameters.getLora())) {
            return 0;
        }
        return hyperparameters.getThreads()
                * (precision() == Precision.BFLOAT16 ? BFLOAT16_DEQUANTIZATION_TOKENS : FLOAT32_DEQUANTIZATION_TOKENS);
    }

    /** Parameters that are trained, adapters included. */
    public long trainedParameters() {
        return TrainingCost.trainedParameters(shape(1e-5), tuning());
    }

    /** Training tokens when the run takes {@code steps} steps. */
    public long tokensAfter(long steps) {
        return Math.round(tokensPerStep * steps);
    }
}
