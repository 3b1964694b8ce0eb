package io.rootstock.trainer.engine.model;

import io.rootstock.trainer.engine.batch.BatchLimits;

/**
 * Hyperparameters of a Llama decoder (Touvron et al. 2023) or of a family that differs in its attention alone (Mistral,
 * Qwen2, Qwen3): RMSNorm before each sub-layer, rotary embeddings in the rotate-half convention, grouped-query attention,
 * SwiGLU.
 *
 * @param vocabularySize V, rows of the embedding matrix
 * @param dimension D, width of the residual stream
 * @param layers number of decoder layers
 * @param heads H, number of query heads
 * @param keyValueHeads K, number of key-value heads; divides H
 * @param feedForward F, width of the SwiGLU hidden layer
 * @param contextLength T, maximum sequence length in tokens
 * @param normEpsilon epsilon of RMSNorm, added to the mean square
 * @param ropeTheta base of the rotary frequencies
 * @param tiedEmbeddings whether the embedding matrix is also the output projection
 * @param classes 0 for a language model; C for a classifier, whose head {@code score.weight [C,D]} reads the last
 *     token's hidden state and which has no output projection
 * @param attentionVariant head width, biases, head norms and frequency scaling
 */
public record ModelShape(
        int vocabularySize,
        int dimension,
        int layers,
        int heads,
        int keyValueHeads,
        int feedForward,
        int contextLength,
        double normEpsilon,
        double ropeTheta,
        boolean tiedEmbeddings,
        int classes,
        AttentionVariant attentionVariant) {

    /** Checks that all sizes are positive and fit together. */
    public ModelShape {
        positive("vocabularySize", vocabularySize);
        positive("dimension", dimension);
        positive("layers", layers);
        positive("heads", heads);
        positive("keyValueHeads", keyValueHeads);
        positive("feedForward", feedForward);
        positive("contextLength", contextLength);
        if (heads % keyValueHeads != 0) {
            throw new IllegalArgumentException(
                    "keyValueHeads " + keyValueHeads + " must divide heads " + heads + " evenly");
        }
        if (!(normEpsilon > 0) || !(ropeTheta > 0)) {
            throw new IllegalArgumentException("normEpsilon and ropeTheta must be above 0");
        }
        if (classes < 0 || classes == 1) {
            throw new IllegalArgumentException("classes must be 0 (language model) or at least 2, was " + classes);
        }
    }

    /** A shape with plain Llama attention: head width D/H. */
    public ModelShape(
            int vocabularySize,
            int dimension,
            int layers,
            int heads,
            int keyValueHeads,
            int feedForward,
            int contextLength,
            double normEpsilon,
            double ropeTheta,
            boolean tiedEmbeddings,
            int classes) {
        this(
                vocabularySize,
                dimension,
                layers,
                heads,
                keyValueHeads,
                feedForward,
                contextLength,
                normEpsilon,
                ropeTheta,
                tiedEmbeddings,
                classes,
                AttentionVariant.plain(headWidth(dimension, heads)));
    }

    private static int headWidth(int dimension, int heads) {
        if (heads <= 0 || dimension % heads != 0 || dimension / heads % 2 != 0) {
            throw new IllegalArgumentException("dimension " + dimension + " must be heads (" + heads
                    + ") times an even head width, because rotary embeddings rotate pairs");
        }
        return dimension / heads;
    }

    /** Head width, d. */
    public int headDimension() {
        return attentionVariant.width();
    }

    /** Width of the concatenated query heads, Hd; differs from D in some families. */
    public int headsWidth() {
        return heads * attentionVariant.width();
    }

    /** Whether the head is a classifier. */
    public boolean classifier() {
        return classes > 0;
    }

    /** Limits of the batches that fit this model. */
    public BatchLimits batchLimits() {
        return new BatchLimits(vocabularySize, contextLength, classes);
    }

    private static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
    }
}
