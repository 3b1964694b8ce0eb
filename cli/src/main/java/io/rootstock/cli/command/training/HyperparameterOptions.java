package io.rootstock.cli.command.training;

import io.rootstock.cli.command.OptionalFields;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Optimizer;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.Recompute;
import io.rootstock.trainer.v1.Schedule;
import picocli.CommandLine.Option;

/** Hyperparameters of all tasks. */
final class HyperparameterOptions {
    enum ScheduleName {
        WSD,
        COSINE
    }

    enum PrecisionName {
        FLOAT32,
        BFLOAT16
    }

    enum RecomputeName {
        NONE,
        ATTENTION,
        BLOCK
    }

    enum OptimizerName {
        ADAMW,
        MUON
    }

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Training time in seconds; the learning-rate schedule follows the elapsed time")
    private Double seconds;

    @Option(names = "--learning-rate", paramLabel = "RATE", description = "Peak learning rate")
    private Double learningRate;

    @Option(names = "--batch-rows", paramLabel = "N", description = "Rows per optimizer step")
    private Integer batchRows;

    @Option(
            names = "--micro-batch-tokens",
            paramLabel = "N",
            description = "Maximum tokens of a micro-batch, including padding; lower values use less memory and"
                    + " more time for the same gradients [default: fits memory and cache]")
    private Integer microBatchTokens;

    @Option(names = "--warmup", paramLabel = "SHARE", description = "Fraction of the steps for warmup")
    private Double warmup;

    @Option(names = "--decay", paramLabel = "SHARE", description = "Fraction of the steps for decay (wsd)")
    private Double decay;

    @Option(names = "--schedule", paramLabel = "wsd|cosine", description = "Learning-rate schedule")
    private ScheduleName schedule;

    @Option(names = "--weight-decay", paramLabel = "X", description = "Decoupled weight decay of matrices")
    private Double weightDecay;

    @Option(
            names = "--optimizer",
            paramLabel = "adamw|muon",
            description = "AdamW, or Muon for matrices of the layers and AdamW for the rest [default: adamw]")
    private OptimizerName optimizer;

    @Option(
            names = "--recompute",
            paramLabel = "none|attention|block",
            description = "Activations of each layer to recompute in the backward pass; uses less memory and more"
                    + " time for the same gradients [default: none if it fits memory]")
    private RecomputeName recompute;

    @Option(
            names = "--spike-threshold",
            paramLabel = "Z",
            description = "Skip steps whose loss exceeds the mean by Z standard deviations; 0: never [default: 6"
                    + " for pre-training, 0 for fine-tuning]")
    private Double spikeThreshold;

    @Option(names = "--gradient-clip", paramLabel = "NORM", description = "Maximum global gradient norm")
    private Double gradientClip;

    @Option(names = "--beta1", paramLabel = "X", description = "AdamW beta1")
    private Double beta1;

    @Option(names = "--beta2", paramLabel = "X", description = "AdamW beta2")
    private Double beta2;

    @Option(names = "--validation-interval", paramLabel = "STEPS", description = "Steps between validations")
    private Integer validationInterval;

    @Option(
            names = "--checkpoint-interval",
            paramLabel = "STEPS",
            description = "Steps between checkpoints [default: by the run's length and the duration of a write]")
    private Integer checkpointInterval;

    @Option(names = "--checkpoints-kept", paramLabel = "N", description = "Number of recent checkpoints to keep")
    private Integer checkpointsKept;

    @Option(names = "--precision", paramLabel = "float32|bfloat16", description = "Number type of matrix products")
    private PrecisionName precision;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            description = "Number of data-parallel processes; requires MPICH [default: 1]")
    private Integer ranks;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads per process [default: CPU cores divided by the number of processes]")
    private Integer threads;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed of initialization and data order")
    private Long seed;

    /** Options that are not set stay unset in the message; the trainer chooses and reports their values. */
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
