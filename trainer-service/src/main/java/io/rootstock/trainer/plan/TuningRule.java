package io.rootstock.trainer.plan;

import static io.rootstock.trainer.plan.RefusedSpecException.unless;

import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.LoraSettings;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Resolves the tuning settings, which state the trained part of the model, and converts them to the engine's type. */
public final class TuningRule {
    private static final int DEFAULT_RANK = 8;
    private static final String BASE_WEIGHTS = "hyperparameters.lora.base_weights";

    private TuningRule() {}

    /** Whether adapters are trained. */
    public static boolean lowRank(Hyperparameters asked) {
        return asked.getMethod() == TuningMethod.TUNING_METHOD_LORA
                || (asked.getMethod() == TuningMethod.TUNING_METHOD_UNSPECIFIED && asked.hasLora());
    }

    /** Whether the frozen weights stay quantized in a GGUF file. */
    public static boolean quantizedBase(LoraSettings lora) {
        return switch (lora.getBaseWeights()) {
            case ARTIFACT_KIND_UNSPECIFIED, ARTIFACT_KIND_HUGGING_FACE -> false;
            case ARTIFACT_KIND_GGUF_F16,
                    ARTIFACT_KIND_GGUF_Q8_0,
                    ARTIFACT_KIND_GGUF_Q4_K_M,
                    ARTIFACT_KIND_GGUF_ORIGINAL -> true;
            case ARTIFACT_KIND_GGUF_F32,
                    ARTIFACT_KIND_GGUF_BASE,
                    ARTIFACT_KIND_GGUF_ADAPTER,
                    ARTIFACT_KIND_PEFT_ADAPTER,
                    ARTIFACT_KIND_CLASSIFIER_HEAD,
                    UNRECOGNIZED ->
                throw new RefusedSpecException(
                        BASE_WEIGHTS,
                        "must be HUGGING_FACE, GGUF_F16, GGUF_Q8_0, GGUF_Q4_K_M or GGUF_ORIGINAL, was "
                                + lora.getBaseWeights());
        };
    }

    /** Rejects a spec whose base_weights do not match base_gguf_digest or this machine. */
    static void checkBaseWeights(RunSpec spec, Machine machine) {
        boolean quantized = quantizedBase(spec.getHyperparameters().getLora());
        unless(
                quantized == !spec.getBaseGgufDigest().isEmpty(),
                "base_gguf_digest",
                quantized
                        ? "must name the GGUF file with the quantization stated in base_weights"
                        : "is for base_weights GGUF_F16, GGUF_Q8_0, GGUF_Q4_K_M or GGUF_ORIGINAL");
        unless(
                !quantized || !machine.gpu(),
                BASE_WEIGHTS,
                "other than HUGGING_FACE are for training on the CPU: set ROOTSTOCK_DEVICE=cpu for the trainer service, or leave"
                        + " it out (--base-weights)");
    }

    /** Converts resolved hyperparameters to the engine's type. */
    public static Tuning tuning(Hyperparameters resolved) {
        if (lowRank(resolved)) {
            LoraSettings lora = resolved.getLora();
            Set<AdapterTarget> targets = EnumSet.noneOf(AdapterTarget.class);
            Arrays.stream(AdapterTarget.values())
                    .filter(target -> lora.getTargetsList().contains(target.module()))
                    .forEach(targets::add);
            return new Tuning.LowRank(lora.getRank(), lora.getAlpha(), lora.getRankStabilized(), targets);
        }
        return resolved.getTrainLastBlocks() > 0
                ? new Tuning.LastBlocks(resolved.getTrainLastBlocks())
                : new Tuning.Full();
    }

    static void resolve(Task task, Hyperparameters asked, Architecture shape, Hyperparameters.Builder resolved) {
        unless(asked.getMethod() != TuningMethod.UNRECOGNIZED, "hyperparameters.method", "is not known");
        boolean lowRank = lowRank(asked);
        boolean fineTuning = task != Task.TASK_PRETRAIN;
        unless(
                fineTuning || !lowRank,
                "hyperparameters.method",
                "LORA is for fine-tuning: an adapter requires a base model");
        unless(lowRank || !asked.hasLora(), "hyperparameters.lora", "is for method LORA; set the method or remove it");
        int blocks = asked.getTrainLastBlocks();
        unless(
                blocks >= 0 && blocks <= shape.getDepth(),
                "hyperparameters.train_last_blocks",
                "must be 0 to the model's " + shape.getDepth() + " blocks, was " + blocks);
        unless(
                blocks == 0 || (fineTuning && !lowRank),
                "hyperparameters.train_last_blocks",
                "is for fine-tuning with method FULL; adapters are trained in every block");
        resolved.setTrainLastBlocks(blocks);
        resolved.setMethod(lowRank ? TuningMethod.TUNING_METHOD_LORA : TuningMethod.TUNING_METHOD_FULL);
        if (lowRank) {
            resolved.setLora(lora(asked.getLora(), shape));
        }
    }

    private static LoraSettings lora(LoraSettings asked, Architecture shape) {
        int widest = Math.min(shape.getDimension(), shape.getFeedForward());
        int rank = asked.hasRank() ? asked.getRank() : Math.min(DEFAULT_RANK, widest);
        unless(
                rank >= 1 && rank <= widest,
                "hyperparameters.lora.rank",
                "must be 1 to " + widest + ", the model's narrowest width, was " + rank);
        double alpha = asked.hasAlpha() ? asked.getAlpha() : 2.0 * rank;
        unless(
                alpha > 0 && alpha <= 1e6,
                "hyperparameters.lora.alpha",
                "must be above 0 and at most 1000000, was " + alpha);
        List<String> known =
                Arrays.stream(AdapterTarget.values()).map(AdapterTarget::module).toList();
        for (String target : asked.getTargetsList()) {
            unless(
                    known.contains(target),
                    "hyperparameters.lora.targets",
                    "must be among " + known + ", was '" + target + "'");
        }
        List<String> targets = asked.getTargetsCount() == 0
                ? known
                : known.stream().filter(asked.getTargetsList()::contains).toList();
        return LoraSettings.newBuilder()
                .setBaseWeights(quantizedBase(asked) ? asked.getBaseWeights() : ArtifactKind.ARTIFACT_KIND_HUGGING_FACE)
                .setBaseBytes(asked.getBaseBytes())
                .setRank(rank)
                .setAlpha(alpha)
                .setRankStabilized(asked.getRankStabilized())
                .addAllTargets(targets)
                .build();
    }
}
