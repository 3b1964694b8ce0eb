package io.rootstock.trainer.plan;

import io.rootstock.checkpoint.ModelShape;

/**
 * Parameter counts and training FLOPs of a model, by formula.
 *
 * @param embedding parameters of the token embedding and of an untied output projection
 * @param body all other parameters: attention, feed-forward and norms
 * @param attentionWidth layers times the width of all heads: cost of attention scores per token and position
 * @param outputProjection parameters of the output projection, which is multiplied even if it is tied
 */
public record ModelSize(long embedding, long body, long attentionWidth, long outputProjection) {
    /**
     * Computes the size of a model.
     *
     * @param shape shape of the model; the head of a classifier replaces the output projection
     */
    public static ModelSize of(ModelShape shape) {
        long dimension = shape.dimension();
        long attention = 2 * dimension * (shape.headsWidth() + shape.keyValueWidth());
        long feedForward = 3 * dimension * shape.feedForward();
        long body = shape.layers() * (attention + feedForward) + vectorParameters(shape);
        long table = shape.vocabularySize() * dimension;
        long output = shape.classifier() ? shape.classes() * dimension : table;
        boolean shared = !shape.classifier() && shape.tiedEmbeddings();
        return new ModelSize(shared ? table : table + output, body, (long) shape.layers() * shape.headsWidth(), output);
    }

    /** Number of parameters of all norms, biases and head norms. */
    static long vectorParameters(ModelShape shape) {
        long biases = shape.family().biases() ? shape.headsWidth() + 2L * shape.keyValueWidth() : 0;
        long headNorms = shape.family().headNorms() ? 2L * shape.headDimension() : 0;
        return shape.layers() * (2L * shape.dimension() + biases + headNorms) + shape.dimension();
    }

    /** Total number of parameters, embedding included. */
    public long parameters() {
        return embedding + body;
    }

    /**
     * FLOPs of training on one token: 6 for each parameter that is multiplied (the embedding lookup is not), plus
     * attention scores and values forward and backward, half of them masked (Kaplan et al. 2020, Chowdhery et al.
     * 2022).
     *
     * @param context sequence length
     */
    public double flopsPerToken(int context) {
        return 6.0 * (body + outputProjection) + 6.0 * attentionWidth * context;
    }
}
