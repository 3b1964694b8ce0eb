package io.rootstock.bench.training;

import io.rootstock.checkpoint.ModelShape;

/** Shapes of the benchmarks' models. */
public enum Size {
    /** Shape of the demo's model. */
    SMALL("5 M", 4096, 256, 6, 8, 4, 688),
    /** Four times wider matrices. */
    MIDDLE("25 M", 8192, 512, 7, 8, 4, 1376),
    /** GPT-2 small (Radford et al. 2019), with SwiGLU of as many parameters as its two matrices of 3072. */
    LARGE("124 M", 50257, 768, 12, 12, 12, 2048);

    final String words;
    private final int vocabulary;
    private final int dimension;
    private final int layers;
    private final int heads;
    private final int keyValueHeads;
    private final int feedForward;

    Size(String words, int vocabulary, int dimension, int layers, int heads, int keyValueHeads, int feedForward) {
        this.words = words;
        this.vocabulary = vocabulary;
        this.dimension = dimension;
        this.layers = layers;
        this.heads = heads;
        this.keyValueHeads = keyValueHeads;
        this.feedForward = feedForward;
    }

    /** Returns the model for rows of this length; 0 classes for a language model. */
    public ModelShape shape(int length, int classes) {
        return new ModelShape(
                vocabulary,
                dimension,
                layers,
                heads,
                keyValueHeads,
                feedForward,
                length,
                ModelShape.NORM_EPSILON,
                10_000,
                true,
                classes);
    }
}
