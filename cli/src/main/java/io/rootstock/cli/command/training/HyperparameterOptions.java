package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Optimizer;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.Recompute;
import io.rootstock.trainer.v1.Schedule;
import picocli.CommandLine.Option;

/** Hyperparameters of every task; the trainer chooses those that are not given and reports them. */
final class HyperparameterOptions {
    /** Schedules as typed. */
    enum ScheduleName {
        /** Warm-up, stable, decay. */
        WSD,
        /** Cosine. */
        COSINE
    }

    /** Precisions as typed. */
    enum PrecisionName {
        /** 32-bit floats. */
        FLOAT32,
        /** bfloat16 products. */
        BFLOAT16
    }

    /** Recomputation as typed. */
    enum RecomputeName {
        /** Nothing. */
        NONE,
        /** Queries, keys, values and attention. */
        ATTENTION,
        /** All of a layer but its input. */
        BLOCK
    }

    /** Optimizers as typed. */
    enum OptimizerName {
        /** AdamW. */
        ADAMW,
        /** Muon for matrices. */
        MUON
    }

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Stop after this many seconds of training; the schedule follows the clock.")
    private Double seconds;

    @Option(names = "--learning-rate", paramLabel = "RATE", description = "Peak learning rate.")
    private Double learningRate;

    @Option(names = "--batch-rows", paramLabel = "N", description = "Rows per optimizer step.")
    private Integer batchRows;

    @Option(
            names = "--micro-batch-tokens",
            paramLabel = "N",
            description = "Most tokens of a micro-batch, padding included: less memory, more time, the same updates."
                    + " Default: what memory and cache take.")
    private Integer microBatchTokens;

    @Option(names = "--warmup", paramLabel = "SHARE", description = "Share of the steps spent warming up.")
    private Double warmup;

    @Option(names = "--decay", paramLabel = "SHARE", description = "Share of the steps spent decaying (wsd).")
    private Double decay;

    @Option(names = "--schedule", paramLabel = "wsd|cosine", description = "Learning-rate schedule.")
    private ScheduleName schedule;

    @Option(names = "--weight-decay", paramLabel = "X", description = "Decoupled weight decay, on matrices only.")
    private Double weightDecay;

    @Option(
            names = "--optimizer",
            paramLabel = "adamw|muon",
            description = "AdamW, or Muon for the layers' matrices and AdamW for the rest. Default: adamw.")
    private OptimizerName optimizer;

    @Option(
            names = "--recompute",
            paramLabel = "none|attention|block",
            description = "What of each layer the backward makes again instead of keeping it: less memory, more time,"
                    + " the same gradients. Default: none, where that fits into memory.")
    private RecomputeName recompute;

    @Option(
            names = "--spike-threshold",
            paramLabel = "Z",
            description = "Skip steps whose loss is so many deviations above its mean; 0: none. Default: 6 for"
                    + " pre-training, 0 for fine-tuning.")
    private Double spikeThreshold;

    @Option(names = "--gradient-clip", paramLabel = "NORM", description = "Largest global gradient norm.")
    private Double gradientClip;

    @Option(names = "--beta1", paramLabel = "X", description = "AdamW beta1.")
    private Double beta1;

    @Option(names = "--beta2", paramLabel = "X", description = "AdamW beta2.")
    private Double beta2;

    @Option(names = "--validation-interval", paramLabel = "STEPS", description = "Steps between validations.")
    private Integer validationInterval;

    @Option(names = "--checkpoint-interval", paramLabel = "STEPS", description = "Steps between checkpoints.")
    private Integer checkpointInterval;

    @Option(names = "--checkpoints-kept", paramLabel = "N", description = "Newest checkpoints kept.")
    private Integer checkpointsKept;

    @Option(names = "--precision", paramLabel = "float32|bfloat16", description = "Arithmetic of matrix products.")
    private PrecisionName precision;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            description = "Processes that train together, each with its part of every batch; needs MPICH. Default: 1.")
    private Integer ranks;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of a process. Default: the machine's cores, divided among the processes.")
    private Integer threads;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of weights and data order.")
    private Long seed;

    /** The hyperparameters as asked for; what is not asked for stays unset. */
    Hyperparameters toMessage() {
        Hyperparameters.Builder settings = Hyperparameters.newBuilder();
        OptionalFields.setIfPresent(seconds, settings::setSeconds);
        OptionalFields.setIfPresent(learningRate, settings::setLearningRate);
        OptionalFields.setIfPresent(batchRows, settings::setBatchRows);
        OptionalFields.setIfPresent(microBatchTokens, settings::setMicroBatchTokens);
        OptionalFields.setIfPresent(warmup, settings::setWarmupFraction);
        OptionalFields.setIfPresent(decay, settings::setDecayFraction);
        OptionalFields.setIfPresent(weightDecay, settings::setWeightDecay);
        OptionalFields.setIfPresent(spikeThreshold, settings::setSpikeThreshold);
        if (optimizer != null) {
            settings.setOptimizer(
                    switch (optimizer) {
                        case ADAMW -> Optimizer.OPTIMIZER_ADAMW;
                        case MUON -> Optimizer.OPTIMIZER_MUON;
                    });
        }
        if (recompute != null) {
            settings.setRecompute(
                    switch (recompute) {
                        case NONE -> Recompute.RECOMPUTE_NONE;
                        case ATTENTION -> Recompute.RECOMPUTE_ATTENTION;
                        case BLOCK -> Recompute.RECOMPUTE_BLOCK;
                    });
        }
        OptionalFields.setIfPresent(gradientClip, settings::setGradientClip);
        OptionalFields.setIfPresent(beta1, settings::setBeta1);
        OptionalFields.setIfPresent(beta2, settings::setBeta2);
        OptionalFields.setIfPresent(validationInterval, settings::setValidationInterval);
        OptionalFields.setIfPresent(checkpointInterval, settings::setCheckpointInterval);
        OptionalFields.setIfPresent(checkpointsKept, settings::setCheckpointsKept);
        OptionalFields.setIfPresent(ranks, settings::setRanks);
        OptionalFields.setIfPresent(threads, settings::setThreads);
        OptionalFields.setIfPresent(seed, settings::setSeed);
        if (schedule != null) {
            settings.setSchedule(
                    switch (schedule) {
                        case WSD -> Schedule.SCHEDULE_WARMUP_STABLE_DECAY;
                        case COSINE -> Schedule.SCHEDULE_COSINE;
                    });
        }
        if (precision != null) {
            settings.setPrecision(
                    switch (precision) {
                        case FLOAT32 -> Precision.PRECISION_FLOAT32;
                        case BFLOAT16 -> Precision.PRECISION_BFLOAT16;
                    });
        }
        return settings.build();
    }
}
