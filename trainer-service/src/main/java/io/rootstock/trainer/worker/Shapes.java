package io.rootstock.trainer.worker;

import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.trainer.plan.Heads;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Llama3RopeScaling;
import java.util.List;
import java.util.OptionalInt;

/** Converts between the contract's architecture and the model files' configuration. */
public final class Shapes {
    /** Llama's default, added to the mean square in RMSNorm. */
    public static final double NORM_EPSILON = 1e-5;

    private Shapes() {}

    /** Converts a model's configuration to the contract's architecture. */
    public static Architecture architecture(LlamaConfig config) {
        Architecture.Builder shape = Architecture.newBuilder()
                .setDepth(config.layers())
                .setDimension(config.dimension())
                .setHeads(config.heads())
                .setKeyValueHeads(config.keyValueHeads())
                .setFeedForward(config.feedForward())
                .setContextLength(config.contextLength())
                .setTiedEmbeddings(config.tiedEmbeddings())
                .setRopeTheta(config.ropeTheta())
                .setVocabularySize(config.vocabularySize())
                .setHeadDimension(config.headDimension())
                .setFamily(family(config.family()));
        switch (config.ropeScaling()) {
            case RopeScaling.None _ -> shape.clearRopeScaling();
            case RopeScaling.Linear linear -> shape.getRopeScalingBuilder().setLinearFactor(linear.factor());
            case RopeScaling.Llama3 llama ->
                shape.getRopeScalingBuilder()
                        .setLlama3(Llama3RopeScaling.newBuilder()
                                .setFactor(llama.factor())
                                .setLowFrequencyFactor(llama.lowFrequencyFactor())
                                .setHighFrequencyFactor(llama.highFrequencyFactor())
                                .setOriginalContext(llama.originalContext()));
        }
        return shape.build();
    }

    /** Converts the contract's architecture to a model's configuration. */
    static LlamaConfig config(Architecture shape, double normEpsilon, OptionalInt bosId, List<Integer> eosIds) {
        return new LlamaConfig(
                shape.getVocabularySize(),
                shape.getDimension(),
                shape.getDepth(),
                shape.getHeads(),
                shape.getKeyValueHeads(),
                Heads.dimension(shape),
                shape.getFeedForward(),
                shape.getContextLength(),
                normEpsilon,
                shape.getRopeTheta(),
                shape.getTiedEmbeddings(),
                bosId,
                eosIds,
                Heads.family(shape),
                Heads.scaling(shape));
    }

    private static io.rootstock.trainer.v1.ModelFamily family(ModelFamily family) {
        return switch (family) {
            case LLAMA -> io.rootstock.trainer.v1.ModelFamily.MODEL_FAMILY_LLAMA;
            case MISTRAL -> io.rootstock.trainer.v1.ModelFamily.MODEL_FAMILY_MISTRAL;
            case QWEN2 -> io.rootstock.trainer.v1.ModelFamily.MODEL_FAMILY_QWEN2;
            case QWEN3 -> io.rootstock.trainer.v1.ModelFamily.MODEL_FAMILY_QWEN3;
        };
    }
}
