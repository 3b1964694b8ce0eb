package io.rootstock.trainer.plan;

import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.trainer.engine.model.AttentionVariant;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Llama3RopeScaling;

/** Reads the attention settings of the contract's {@link Architecture}, which differ between model families. */
public final class Heads {
    private Heads() {}

    /** Number of elements per head. */
    public static int dimension(Architecture shape) {
        return shape.hasHeadDimension() ? shape.getHeadDimension() : shape.getDimension() / shape.getHeads();
    }

    /** Model family; Llama by default. */
    public static ModelFamily family(Architecture shape) {
        return switch (shape.getFamily()) {
            case MODEL_FAMILY_UNSPECIFIED, MODEL_FAMILY_LLAMA, UNRECOGNIZED -> ModelFamily.LLAMA;
            case MODEL_FAMILY_MISTRAL -> ModelFamily.MISTRAL;
            case MODEL_FAMILY_QWEN2 -> ModelFamily.QWEN2;
            case MODEL_FAMILY_QWEN3 -> ModelFamily.QWEN3;
        };
    }

    /** Scaling of the RoPE frequencies. */
    public static RopeScaling scaling(Architecture shape) {
        return switch (shape.getRopeScaling().getKindCase()) {
            case LINEAR_FACTOR -> new RopeScaling.Linear(shape.getRopeScaling().getLinearFactor());
            case LLAMA3 -> {
                Llama3RopeScaling llama = shape.getRopeScaling().getLlama3();
                yield new RopeScaling.Llama3(
                        llama.getFactor(),
                        llama.getLowFrequencyFactor(),
                        llama.getHighFrequencyFactor(),
                        llama.getOriginalContext());
            }
            case KIND_NOT_SET -> RopeScaling.NONE;
        };
    }

    /** Converts the attention settings to the engine's type. */
    static AttentionVariant attentionVariant(Architecture shape) {
        ModelFamily family = family(shape);
        return new AttentionVariant(dimension(shape), family.biases(), family.headNorms(), scaling(shape));
    }

    /** Number of query heads times head dimension. */
    static long queryWidth(Architecture shape) {
        return (long) shape.getHeads() * dimension(shape);
    }

    /** Number of key/value heads times head dimension. */
    static long keyWidth(Architecture shape) {
        return (long) shape.getKeyValueHeads() * dimension(shape);
    }

    /** Parameters of the attention biases and head norms of one layer. */
    static long vectorParameters(Architecture shape) {
        ModelFamily family = family(shape);
        return (family.biases() ? queryWidth(shape) + 2 * keyWidth(shape) : 0)
                + (family.headNorms() ? 2L * dimension(shape) : 0);
    }
}
