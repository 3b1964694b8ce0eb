package io.rootstock.trainer.engine;

import io.rootstock.torch.Tensor;

/**
 * The parts of the model that are not matrix products or attention. The residual stream, gains and their gradients have
 * the wide element type; what enters or leaves a matrix product has the product type, which is the wide type or bfloat16.
 * N is the number of tokens, rows times length. Results belong to the caller's scope.
 */
interface Kernels {
    /**
     * Output of a norm.
     *
     * @param output the normed rows times the gain [N,D], product type
     * @param inverseRms one over the root of each row's mean square plus epsilon [N,1], wide
     */
    record Normed(Tensor output, Tensor inverseRms) {}

    /**
     * What swiglu's backward makes, product type.
     *
     * @param ofGateUp [N,2F]
     * @param hidden swiglu's output, to the bit [N,F]
     */
    record Gated(Tensor ofGateUp, Tensor hidden) {}

    /** The tokens' rows of the embedding matrix [V,D] -> [N,D], wide. */
    Tensor embed(Tensor embedding, int[] tokens);

    /** Adds each row's gradient [N,D] to its token's row of the embedding's gradient [V,D], all wide. */
    void embedBackward(Tensor gradient, int[] tokens, Tensor embeddingGradient);

    /** These rows [M,D] of [N,D], wide. */
    Tensor selectRows(Tensor rows, int[] positions);

    /** The reverse of selectRows: [M,D] put at its positions in zeros [N,D], wide. */
    Tensor spreadRows(Tensor rows, int[] positions, int count);

    /** Root-mean-square norm (Zhang and Sennrich 2019) of each row [N,D]. */
    Normed norm(Tensor rows, Tensor gain);

    /**
     * Gradient of norm's input [N,D], wide, plus what reached that input past the norm.
     *
     * @param gradient of the output [N,D], product type
     * @param gainGradient to which the gain's gradient is added [D]; null where the gain is frozen
     * @param past gradient of the residual branch [N,D], or null
     */
    Tensor normBackward(Tensor gradient, Tensor rows, Tensor inverseRms, Tensor gain, Tensor gainGradient, Tensor past);

    /**
     * Norm of each head of queries and keys in [N,(H+2K)d], values as they are; product type in and out.
     *
     * @return the output [N,(H+2K)d], and one over each norm's root [N,H+K], wide
     */
    Normed normHeads(Tensor queryKeyValue, ModelTensors.HeadGains gains);

    /**
     * Gradient of normHeads' input [N,(H+2K)d], product type.
     *
     * @param gradient of the output, product type
     * @param gainGradients to which the gains' gradients are added; with nulls where they are frozen
     */
    Tensor normHeadsBackward(
            Tensor gradient,
            Tensor queryKeyValue,
            Tensor inverseRms,
            ModelTensors.HeadGains gains,
            ModelTensors.HeadGains gainGradients);

    /** The wide tensor in the product type; the same tensor if that is the wide type too. */
    Tensor toProduct(Tensor wide);

    /** The product-type tensor in the wide type; the same tensor if they are the same. */
    Tensor toWide(Tensor product);

    /** wide + product, wide. */
    Tensor add(Tensor wide, Tensor product);

    /** Adds a gradient in the product type to one in the wide type. */
    void accumulate(Tensor wideGradient, Tensor productGradient);

    /** Adds the sum of the rows of a gradient in the product type [N,out] to one in the wide type [out]. */
    void accumulateRows(Tensor wideGradient, Tensor productGradient);

    /** silu(gate) * up (Shazeer 2020): [N,2F] -> [N,F], product type. */
    Tensor swiglu(Tensor gateUp);

    /** Gradient of swiglu's input from that of its output [N,F], and that output again. */
    Gated swigluBackward(Tensor gradient, Tensor gateUp);

    /** Cross-entropy in nats of each row of logits [M,V]. */
    double[] crossEntropy(Tensor logits, int[] targets);

    /**
     * Sum over rows of the weighted cross-entropy, or 0 where that is put off until {@link #takeLoss}; turns the logits
     * into its gradient times the scale, in place.
     */
    double crossEntropyBackward(Tensor logits, int[] targets, TargetWeights weights, double scale);

    /** About how many logits are made at a time: as many as the cache holds, and never so many that they fill the memory. */
    default int logitsAtOnce() {
        return 1 << 20;
    }

    /** What crossEntropyBackward has put off since this was last called; 0 for kernels that put nothing off. */
    default double takeLoss() {
        return 0;
    }
}
