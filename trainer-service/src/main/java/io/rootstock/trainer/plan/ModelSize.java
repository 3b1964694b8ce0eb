package io.rootstock.trainer.plan;

import io.rootstock.trainer.v1.Architecture;

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
     * @param shape architecture with every field set
     * @param classes number of labels of a classification head that replaces the output projection; 0 for a language
     *     model
     */
    public static ModelSize of(Architecture shape, int classes) {
        long dimension = shape.getDimension();
        long attention = 2 * dimension * (Heads.queryWidth(shape) + Heads.keyWidth(shape));
        long feedForward = 3 * dimension * shape.getFeedForward();
        long body = shape.getDepth() * (attention + feedForward + 2 * dimension + Heads.vectorParameters(shape))
                + dimension;
        long table = shape.getVocabularySize() * dimension;
        long output = classes > 0 ? classes * dimension : table;
        boolean shared = classes == 0 && shape.getTiedEmbeddings();
        return new ModelSize(shared ? table : table + output, body, shape.getDepth() * Heads.queryWidth(shape), output);
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
