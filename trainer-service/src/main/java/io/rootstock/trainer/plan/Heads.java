package io.rootstock.trainer.plan;

import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.trainer.engine.model.AttentionVariant;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Llama3RopeScaling;

/** What the contract's shape says of heads, by which families differ. */
public final class Heads {
    private Heads() {}

    /** Values of one head. */
    public static int dimension(Architecture shape) {
        return shape.hasHeadDimension() ? shape.getHeadDimension() : shape.getDimension() / shape.getHeads();
    }

    /** The family. */
    public static ModelFamily family(Architecture shape) {
        return switch (shape.getFamily()) {
            case MODEL_FAMILY_UNSPECIFIED, MODEL_FAMILY_LLAMA, UNRECOGNIZED -> ModelFamily.LLAMA;
            case MODEL_FAMILY_MISTRAL -> ModelFamily.MISTRAL;
            case MODEL_FAMILY_QWEN2 -> ModelFamily.QWEN2;
            case MODEL_FAMILY_QWEN3 -> ModelFamily.QWEN3;
        };
    }

    /** The scaling of rotary frequencies. */
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

    /** All of it in the engine's words. */
    static AttentionVariant form(Architecture shape) {
        ModelFamily family = family(shape);
        return new AttentionVariant(dimension(shape), family.biases(), family.headNorms(), scaling(shape));
    }

    /** Values of all query heads side by side. */
    static long queryWidth(Architecture shape) {
        return (long) shape.getHeads() * dimension(shape);
    }

    /** Values of all key heads side by side. */
    static long keyWidth(Architecture shape) {
        return (long) shape.getKeyValueHeads() * dimension(shape);
    }

    /** Biases and gains of the heads of one layer. */
    static long vectorParameters(Architecture shape) {
        ModelFamily family = family(shape);
        return (family.biases() ? queryWidth(shape) + 2 * keyWidth(shape) : 0)
                + (family.headNorms() ? 2L * dimension(shape) : 0);
    }
}
