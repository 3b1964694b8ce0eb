package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.LoraSettings;
import io.rootstock.trainer.v1.TuningMethod;
import java.util.List;
import picocli.CommandLine.Option;

/** Tuning method: full fine-tuning or LoRA, and its settings. */
final class TuningOptions {
    enum MethodName {
        FULL,
        LORA
    }

    enum BaseWeightsName {
        FLOAT,
        F16,
        Q8_0,
        Q4_K_M,
        ORIGINAL
    }

    @Option(
            names = "--method",
            paramLabel = "full|lora",
            description = "Fine-tune all weights (full), or low-rank adapters beside frozen weights (lora)"
                    + " [default: full]")
    private MethodName method;

    @Option(
            names = "--train-last-blocks",
            paramLabel = "N",
            description = "Train only the last N blocks, the final norm and the head (--method full)")
    private Integer lastBlocks;

    @Option(names = "--lora-rank", paramLabel = "N", description = "Rank of the adapters [default: 8]")
    private Integer rank;

    @Option(names = "--lora-alpha", paramLabel = "X", description = "Adapter scale is alpha / rank [default: 2 * rank]")
    private Double alpha;

    @Option(names = "--lora-rank-stabilized", description = "Use the scale alpha / sqrt(rank)")
    private boolean rankStabilized;

    @Option(
            names = "--lora-targets",
            paramLabel = "MODULE",
            split = ",",
            description =
                    "Target modules: q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj [default:" + " all]")
    private List<String> targets;

    @Option(
            names = "--base-weights",
            paramLabel = "float|f16|q8_0|q4_k_m|original",
            description = "Frozen base weights of LoRA: float weights, or a GGUF quantization that stays quantized"
                    + " in memory and is served with the adapter [default: float]")
    private BaseWeightsName baseWeights;

    @Option(
            names = "--adapter",
            paramLabel = "VERSION|DIGEST",
            description = "Initial adapter: a version of the same base, or a PEFT directory in the artifact store"
                    + " (sha256:...)")
    private String adapter;

    /** Value of {@code --adapter}; null if not set. */
    String adapter() {
        return adapter;
    }

    /** Adds the options that are set. */
    Hyperparameters addTo(Hyperparameters settings) {
        Hyperparameters.Builder tuned = settings.toBuilder();
        if (method != null) {
            tuned.setMethod(
                    switch (method) {
                        case FULL -> TuningMethod.TUNING_METHOD_FULL;
                        case LORA -> TuningMethod.TUNING_METHOD_LORA;
                    });
        }
        OptionalFields.setIfPresent(lastBlocks, tuned::setTrainLastBlocks);
        if (rank != null || alpha != null || rankStabilized || targets != null || baseWeights != null) {
            LoraSettings.Builder lora = tuned.getLoraBuilder();
            if (baseWeights != null) {
                lora.setBaseWeights(
                        baseWeights == BaseWeightsName.FLOAT
                                ? ArtifactKind.ARTIFACT_KIND_HUGGING_FACE
                                : GgufFile.valueOf(baseWeights.name()).kind());
            }
            OptionalFields.setIfPresent(rank, lora::setRank);
            OptionalFields.setIfPresent(alpha, lora::setAlpha);
            if (rankStabilized) {
                lora.setRankStabilized(true);
            }
            if (targets != null) {
                lora.addAllTargets(targets);
            }
        }
        return tuned.build();
    }
}
