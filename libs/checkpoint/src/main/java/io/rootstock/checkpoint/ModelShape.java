package io.rootstock.checkpoint;

import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * Hyperparameters of a Llama decoder (Touvron et al. 2023) or of a related {@link ModelFamily}, with Hugging Face's
 * meanings: RMSNorm before each sub-layer, rotary embeddings in the rotate-half convention, grouped-query attention,
 * SwiGLU.
 *
 * @param vocabularySize V, rows of the embedding matrix; at least the number of tokens including special tokens
 * @param dimension D, width of the residual stream
 * @param layers number of decoder layers
 * @param heads H, number of query heads
 * @param keyValueHeads K, number of key and value heads; divides H
 * @param headDimension d, width of a head; even, because rotary embeddings rotate pairs; D / H in most models
 * @param feedForward F, inner width of the feed-forward layers
 * @param contextLength T, maximum sequence length in tokens
 * @param normEpsilon epsilon of RMSNorm, added to the mean square
 * @param ropeTheta base of the rotary frequencies
 * @param tiedEmbeddings whether the output projection is the embedding matrix
 * @param classes 0 for a language model; C for a classifier, whose head {@code score.weight [C,D]} reads the last
 *     token's hidden state and which has no output projection
 * @param family differences from Llama
 * @param ropeScaling scaling of the rotary frequencies
 */
@RecordBuilder
public record ModelShape(
        int vocabularySize,
        int dimension,
        int layers,
        int heads,
        int keyValueHeads,
        int headDimension,
        int feedForward,
        int contextLength,
        double normEpsilon,
        double ropeTheta,
        boolean tiedEmbeddings,
        int classes,
        ModelFamily family,
        RopeScaling ropeScaling)
        implements ModelShapeBuilder.With {
    /** Llama's epsilon of RMSNorm, the default of models that are trained from random weights. */
    public static final double NORM_EPSILON = 1e-5;

    /** Checks that all sizes are positive and fit together. */
    public ModelShape {
        requirePositive("vocabularySize", vocabularySize);
        requirePositive("dimension", dimension);
        requirePositive("layers", layers);
        requirePositive("heads", heads);
        requirePositive("keyValueHeads", keyValueHeads);
        requirePositive("headDimension", headDimension);
        requirePositive("feedForward", feedForward);
        requirePositive("contextLength", contextLength);
        require(heads % keyValueHeads == 0, "keyValueHeads " + keyValueHeads + " must divide heads " + heads);
        require(headDimension % 2 == 0, "headDimension must be even, was " + headDimension);
        require(normEpsilon > 0 && normEpsilon < 1, "normEpsilon must lie between 0 and 1, was " + normEpsilon);
        require(ropeTheta > 0 && Double.isFinite(ropeTheta), "ropeTheta must be positive, was " + ropeTheta);
        require(classes >= 0, "classes must be at least 0, was " + classes);
    }

    /** A Llama model without RoPE scaling, with heads of width D / H. */
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
                headWidth(dimension, heads),
                feedForward,
                contextLength,
                normEpsilon,
                ropeTheta,
                tiedEmbeddings,
                classes,
                ModelFamily.LLAMA,
                RopeScaling.NONE);
    }

    private static int headWidth(int dimension, int heads) {
        require(
                heads > 0 && dimension % heads == 0 && dimension / heads % 2 == 0,
                "dimension " + dimension + " must be heads (" + heads
                        + ") times an even head width, because rotary embeddings rotate pairs");
        return dimension / heads;
    }

    /** Width of the concatenated query heads, Hd; differs from D in some families. */
    public int headsWidth() {
        return heads * headDimension;
    }

    /** Width of the concatenated key heads, and of the value heads, Kd. */
    public int keyValueWidth() {
        return keyValueHeads * headDimension;
    }

    /** Whether the head is a classifier. */
    public boolean classifier() {
        return classes > 0;
    }

    private static void requirePositive(String name, int value) {
        require(value > 0, name + " must be at least 1, was " + value);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
