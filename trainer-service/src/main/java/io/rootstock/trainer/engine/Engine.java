package io.rootstock.trainer.engine;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A Llama decoder in training. Each thread is a replica with a part of every batch's rows; their gradients are summed in
 * a fixed order, so that the same calls with the same number of threads give the same bits. One caller at a time.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Engine implements AutoCloseable {
    private Engine() {}

    /** A model of this shape whose weights are all zero; {@link #initialize} or fill {@link #parameters()}. */
    public static Engine create(ModelShape shape, Precision precision, int threads) {
        throw new UnsupportedOperationException();
    }

    /**
     * Random weights: normal with deviation 0.02, projections back into the residual stream divided by sqrt(2 layers)
     * (Radford et al. 2019), norm gains 1. The same seed gives the same weights.
     */
    public void initialize(long seed) {
        throw new UnsupportedOperationException();
    }

    /** Every parameter, under its Hugging Face name. */
    public List<ParameterView> parameters() {
        throw new UnsupportedOperationException();
    }

    /** All master weights, in the order of {@link #parameters()}. */
    public MemorySegment masterWeights() {
        throw new UnsupportedOperationException();
    }

    /** AdamW's first moments, one for each master weight. */
    public MemorySegment firstMoment() {
        throw new UnsupportedOperationException();
    }

    /** AdamW's second moments, one for each master weight. */
    public MemorySegment secondMoment() {
        throw new UnsupportedOperationException();
    }

    /** Updates done so far. */
    public long optimizerStep() {
        throw new UnsupportedOperationException();
    }

    /** Sets the updates done so far, after a checkpoint was read. */
    public void setOptimizerStep(long step) {
        throw new UnsupportedOperationException();
    }

    /** To be called after the master weights were written from outside. */
    public void weightsChanged() {
        throw new UnsupportedOperationException();
    }

    /**
     * One AdamW update by the mean gradient over all loss tokens of all micro-batches, so that the result does not
     * depend on how rows are divided among micro-batches. If loss or gradient are not finite nothing is updated.
     */
    public StepResult step(List<Batch> microBatches, double learningRate, OptimizerSettings settings) {
        throw new UnsupportedOperationException();
    }

    /** The loss of a batch, without gradients. */
    public LossSum loss(Batch batch) {
        throw new UnsupportedOperationException();
    }

    /** Scores of every token at every position, [B*L*V]. */
    public float[] logits(LanguageBatch batch) {
        throw new UnsupportedOperationException();
    }

    /** Scores of every class for every row, [B*C]. */
    public float[] classLogits(ClassificationBatch batch) {
        throw new UnsupportedOperationException();
    }

    /** Floating-point operations of forward and backward per token in sequences of this length: 6N plus attention. */
    public double flopsPerToken(int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
