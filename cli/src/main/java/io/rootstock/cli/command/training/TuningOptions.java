package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.BaseWeights;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.LoraSettings;
import io.rootstock.trainer.v1.TuningMethod;
import java.util.List;
import picocli.CommandLine.Option;

/** What of the base a fine-tuning changes. */
final class TuningOptions {
    /** Methods as typed. */
    enum MethodName {
        /** The base's own weights. */
        FULL,
        /** Adapters beside them. */
        LORA
    }

    /** Frozen weights as typed. */
    enum BaseWeightsName {
        /** The Hugging Face directory's. */
        FLOAT,
        /** The F16 GGUF. */
        F16,
        /** The Q8_0 GGUF. */
        Q8_0,
        /** The Q4_K_M GGUF. */
        Q4_K_M,
        /** The GGUF file that the base was imported from. */
        ORIGINAL
    }

    @Option(
            names = "--method",
            paramLabel = "full|lora",
            description = "Change the base's weights, or train low-rank adapters beside them. Default: full.")
    private MethodName method;

    @Option(
            names = "--train-last-blocks",
            paramLabel = "N",
            description = "Train the last N blocks, the last norm and the head; freeze the rest (method full).")
    private Integer lastBlocks;

    @Option(names = "--lora-rank", paramLabel = "N", description = "Rank of the adapters. Default: 8.")
    private Integer rank;

    @Option(
            names = "--lora-alpha",
            paramLabel = "X",
            description = "The adapters are scaled by alpha / rank. Default: twice the rank.")
    private Double alpha;

    @Option(names = "--lora-rank-stabilized", description = "Scale by alpha / sqrt(rank) instead.")
    private boolean rankStabilized;

    @Option(
            names = "--lora-targets",
            paramLabel = "MODULE",
            split = ",",
            description = "Matrices with an adapter: q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj."
                    + " Default: all.")
    private List<String> targets;

    @Option(
            names = "--base-weights",
            paramLabel = "float|f16|q8_0|q4_k_m|original",
            description = "Frozen weights beside the adapters: the base's float weights, or its GGUF of that"
                    + " quantization, which stays quantized in memory and is served with the adapter. Default: float.")
    private BaseWeightsName baseWeights;

    @Option(
            names = "--adapter",
            paramLabel = "VERSION|DIGEST",
            description = "Start from the adapter of a version of the same base, or from a PEFT directory in the"
                    + " artifact store (sha256:...).")
    private String adapter;

    /** The adapter to start from as typed, or null. */
    String adapter() {
        return adapter;
    }

    /** Adds what was asked for. */
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
                        switch (baseWeights) {
                            case FLOAT -> BaseWeights.BASE_WEIGHTS_FLOAT;
                            case F16 -> BaseWeights.BASE_WEIGHTS_F16;
                            case Q8_0 -> BaseWeights.BASE_WEIGHTS_Q8_0;
                            case Q4_K_M -> BaseWeights.BASE_WEIGHTS_Q4_K_M;
                            case ORIGINAL -> BaseWeights.BASE_WEIGHTS_ORIGINAL;
                        });
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
