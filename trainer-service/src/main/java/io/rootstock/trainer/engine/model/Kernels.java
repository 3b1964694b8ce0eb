package io.rootstock.trainer.engine.model;

import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.TargetWeights;

/**
 * The model's operations other than matrix products and attention. The residual stream, gains, and gradients of weights
 * have the master type; inputs and outputs of matrix products have the compute type. N is the number of tokens, D the
 * width of the residual stream, F the width of the feed-forward layer, V the vocabulary size. Returned tensors belong to the
 * caller's scope.
 */
public interface Kernels {
    /**
     * Result of an RMS norm.
     *
     * @param output normalized rows times the gain [N,D], compute type
     * @param inverseRms 1 / sqrt(mean square + epsilon) of each row [N,1], master type
     */
    record Normed(Tensor output, Tensor inverseRms) {}

    /**
     * Result of the backward pass of SwiGLU, compute type.
     *
     * @param dGateUp gradient of the input [N,2F]
     * @param hidden recomputed output [N,F], bit-identical to the forward pass
     */
    record Gated(Tensor dGateUp, Tensor hidden) {}

    /** Looks up the tokens' rows of the embedding matrix [V,D]; returns [N,D], master type. */
    Tensor embed(Tensor embedding, int[] tokens);

    /** Adds each row of the gradient [N,D] to its token's row of the embedding gradient [V,D], all master type. */
    void embedBackward(Tensor gradient, int[] tokens, Tensor embeddingGradient);

    /** Gathers rows: output[m] = rows[positions[m]], [N,D] to [M,D], master type. */
    Tensor gatherRows(Tensor rows, int[] positions);

    /** Scatters rows into zeros: output[positions[m]] = rows[m], [M,D] to [count,D], master type; positions are distinct. */
    Tensor scatterRows(Tensor rows, int[] positions, int count);

    /** Root-mean-square norm (Zhang and Sennrich 2019) of each row [N,D], master type, with a gain [D]. */
    Normed norm(Tensor rows, Tensor gain);

    /**
     * Gradient of the input of {@link #norm}, plus the gradient of the residual branch: [N,D], master type.
     *
     * @param gradient gradient of the output [N,D], compute type
     * @param rows input of the norm [N,D], master type
     * @param inverseRms of the forward pass [N,1]
     * @param gain gain [D]
     * @param gainGradient accumulates the gradient of the gain [D]; null if the gain is frozen
     * @param residualGradient gradient of the residual branch [N,D], master type; null without one
     */
    Tensor normBackward(
            Tensor gradient, Tensor rows, Tensor inverseRms, Tensor gain, Tensor gainGradient, Tensor residualGradient);

    /**
     * Normalizes each query and key head of the fused projection [N,(H+2K)d]; values are copied.
     *
     * @return the output [N,(H+2K)d], compute type, and 1 / RMS of each head [N,H+K], master type
     */
    Normed normHeads(Tensor queryKeyValue, ModelTensors.HeadGains gains);

    /**
     * Gradient of the input of {@link #normHeads} [N,(H+2K)d], compute type.
     *
     * @param gradient gradient of the output [N,(H+2K)d], compute type
     * @param queryKeyValue input of the norm [N,(H+2K)d], compute type
     * @param inverseRms of the forward pass [N,H+K]
     * @param gains gains of query and key heads [d]
     * @param gainGradients accumulate the gradients of the gains; its tensors are null if the gains are frozen
     */
    Tensor normHeadsBackward(
            Tensor gradient,
            Tensor queryKeyValue,
            Tensor inverseRms,
            ModelTensors.HeadGains gains,
            ModelTensors.HeadGains gainGradients);

    /** Converts a tensor of the master type to the compute type; returns the same tensor if the types are equal. */
    Tensor toComputeType(Tensor tensor);

    /** Converts a tensor of the compute type to the master type; returns the same tensor if the types are equal. */
    Tensor toMasterType(Tensor tensor);

    /** Sum of a tensor of the master type and one of the compute type, master type. */
    Tensor add(Tensor left, Tensor right);

    /** Adds a gradient of the compute type to a gradient of the master type, in place. */
    void accumulate(Tensor masterGradient, Tensor computeGradient);

    /** Adds the sum over the rows of a gradient [N,out], compute type, to a gradient [out], master type, in place. */
    void accumulateRows(Tensor masterGradient, Tensor computeGradient);

    /** SwiGLU (Shazeer 2020): silu(gate) * up, [N,2F] to [N,F], compute type. */
    Tensor swiglu(Tensor gateUp);

    /** Gradient of the input of {@link #swiglu} from that of its output [N,F]; recomputes the output. */
    Gated swigluBackward(Tensor gradient, Tensor gateUp);

    /** Negative log-likelihood of each row's target, in nats [M]; logits are [M,V], compute type. */
    double[] crossEntropy(Tensor logits, int[] targets);

    /**
     * Replaces the logits [M,V] by the gradient of the weighted cross-entropy times the scale.
     *
     * @return the weighted sum of the losses in nats, or 0 if the implementation defers it to {@link #takeDeferredLoss}
     */
    double crossEntropyBackward(Tensor logits, int[] targets, TargetWeights weights, double scale);

    /** Approximate number of logits to compute at once: as many as fit the cache, bounded for memory. */
    default int logitsAtOnce() {
        return 1 << 20;
    }

    /** Returns and resets the loss that crossEntropyBackward has deferred; 0 if the implementation defers none. */
    default double takeDeferredLoss() {
        return 0;
    }
}
