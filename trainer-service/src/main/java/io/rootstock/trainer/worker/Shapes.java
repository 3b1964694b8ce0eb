package io.rootstock.trainer.worker;

import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.trainer.v1.Architecture;

/** The same shape in the words of the contract and of the model files. */
public final class Shapes {
    /** Added to the mean square in RMSNorm; Llama's. */
    public static final double NORM_EPSILON = 1e-5;

    private Shapes() {}

    /** The contract's shape of a model file. */
    public static Architecture architecture(LlamaConfig config) {
        return Architecture.newBuilder()
                .setDepth(config.layers())
                .setDimension(config.dimension())
                .setHeads(config.heads())
                .setKeyValueHeads(config.keyValueHeads())
                .setFeedForward(config.feedForward())
                .setContextLength(config.contextLength())
                .setTiedEmbeddings(config.tiedEmbeddings())
                .setRopeTheta(config.ropeTheta())
                .setVocabularySize(config.vocabularySize())
                .build();
    }

    /** The model file's description. */
    static LlamaConfig config(Architecture shape, double normEpsilon, int beginOfText, int endOfText) {
        return new LlamaConfig(
                shape.getVocabularySize(),
                shape.getDimension(),
                shape.getDepth(),
                shape.getHeads(),
                shape.getKeyValueHeads(),
                shape.getDimension() / shape.getHeads(),
                shape.getFeedForward(),
                shape.getContextLength(),
                normEpsilon,
                shape.getRopeTheta(),
                shape.getTiedEmbeddings(),
                beginOfText,
                endOfText);
    }
}
