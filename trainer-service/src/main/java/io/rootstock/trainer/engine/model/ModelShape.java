package io.rootstock.trainer.engine;

/**
 * The shape of a decoder of the Llama architecture (Touvron et al. 2023) and those that differ from it in their heads
 * alone (Mistral, Qwen2, Qwen3): RMSNorm before each sub-layer, rotary positions in the rotate-half convention,
 * grouped-query attention, SwiGLU.
 *
 * @param vocabularySize V, rows of the embedding matrix
 * @param dimension D, width of the residual stream
 * @param layers decoder layers
 * @param heads H, query heads
 * @param keyValueHeads K, key and value heads; divides H
 * @param feedForward F, width of the SwiGLU hidden layer
 * @param contextLength T, the longest sequence
 * @param normEpsilon added to the mean square in RMSNorm
 * @param ropeTheta base of the rotary frequencies
 * @param tiedEmbeddings whether the embedding matrix is also the output projection
 * @param classes 0 for a language model; C for a classifier, whose head {@code score.weight [C,D]} reads the last
 *     token's hidden state and which has no output projection
 * @param headForm what a head is
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
        HeadForm headForm) {

    /** Refuses shapes that no Llama decoder has. */
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

    /** Llama's own shape: heads of D/H values. */
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
                HeadForm.plain(headWidth(dimension, heads)));
    }

    private static int headWidth(int dimension, int heads) {
        if (heads <= 0 || dimension % heads != 0 || dimension / heads % 2 != 0) {
            throw new IllegalArgumentException("dimension " + dimension + " must be heads (" + heads
                    + ") times an even head width, because rotary positions turn pairs");
        }
        return dimension / heads;
    }

    /** Width of one attention head, d. */
    public int headDimension() {
        return headForm.width();
    }

    /** Width of all query heads side by side, Hd; D where heads divide the stream. */
    public int headsWidth() {
        return heads * headForm.width();
    }

    /** Whether the model ends in a classification head. */
    public boolean classifier() {
        return classes > 0;
    }

    private static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be at least 1, was " + value);
        }
    }
}
