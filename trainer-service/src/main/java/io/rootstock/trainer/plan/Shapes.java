package io.rootstock.trainer.plan;

import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Llama3RopeScaling;

/** Converts between a model's shape and the contract's {@link Architecture}. */
public final class Shapes {
    private Shapes() {}

    /** Converts a shape to the contract's message, which has neither the epsilon of the norms nor the classes. */
    public static Architecture architecture(ModelShape shape) {
        Architecture.Builder architecture = Architecture.newBuilder()
                .setDepth(shape.layers())
                .setDimension(shape.dimension())
                .setHeads(shape.heads())
                .setKeyValueHeads(shape.keyValueHeads())
                .setFeedForward(shape.feedForward())
                .setContextLength(shape.contextLength())
                .setTiedEmbeddings(shape.tiedEmbeddings())
                .setRopeTheta(shape.ropeTheta())
                .setVocabularySize(shape.vocabularySize())
                .setHeadDimension(shape.headDimension())
                .setFamily(family(shape.family()));
        switch (shape.ropeScaling()) {
            case RopeScaling.None _ -> architecture.clearRopeScaling();
            case RopeScaling.Linear linear ->
                architecture.getRopeScalingBuilder().setLinearFactor(linear.factor());
            case RopeScaling.Llama3 llama ->
                architecture
                        .getRopeScalingBuilder()
                        .setLlama3(Llama3RopeScaling.newBuilder()
                                .setFactor(llama.factor())
                                .setLowFrequencyFactor(llama.lowFrequencyFactor())
                                .setHighFrequencyFactor(llama.highFrequencyFactor())
                                .setOriginalContext(llama.originalContext()));
        }
        return architecture.build();
    }

    /**
     * Converts the contract's message to a shape with {@link ModelShape#NORM_EPSILON}.
     *
     * @param architecture message with every field set; the head dimension is D / H, the family Llama by default
     * @param classes number of labels of a classifier; 0 for a language model
     */
    public static ModelShape shape(Architecture architecture, int classes) {
        return new ModelShape(
                architecture.getVocabularySize(),
                architecture.getDimension(),
                architecture.getDepth(),
                architecture.getHeads(),
                architecture.getKeyValueHeads(),
                architecture.hasHeadDimension()
                        ? architecture.getHeadDimension()
                        : architecture.getDimension() / architecture.getHeads(),
                architecture.getFeedForward(),
                architecture.getContextLength(),
                ModelShape.NORM_EPSILON,
                architecture.getRopeTheta(),
                architecture.getTiedEmbeddings(),
                classes,
                family(architecture.getFamily()),
                scaling(architecture));
    }

    private static RopeScaling scaling(Architecture architecture) {
        return switch (architecture.getRopeScaling().getKindCase()) {
            case LINEAR_FACTOR ->
                new RopeScaling.Linear(architecture.getRopeScaling().getLinearFactor());
            case LLAMA3 -> {
                Llama3RopeScaling llama = architecture.getRopeScaling().getLlama3();
                yield new RopeScaling.Llama3(
                        llama.getFactor(),
                        llama.getLowFrequencyFactor(),
                        llama.getHighFrequencyFactor(),
                        llama.getOriginalContext());
            }
            case KIND_NOT_SET -> RopeScaling.NONE;
        };
    }

    private static ModelFamily family(io.rootstock.trainer.v1.ModelFamily family) {
        return switch (family) {
            case MODEL_FAMILY_UNSPECIFIED, MODEL_FAMILY_LLAMA, UNRECOGNIZED -> ModelFamily.LLAMA;
            case MODEL_FAMILY_MISTRAL -> ModelFamily.MISTRAL;
            case MODEL_FAMILY_QWEN2 -> ModelFamily.QWEN2;
            case MODEL_FAMILY_QWEN3 -> ModelFamily.QWEN3;
        };
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
