package io.rootstock.trainer.plan;

import static io.rootstock.trainer.plan.RefusedSpecException.unless;

import io.rootstock.trainer.engine.batch.RowSpans;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Optimizer;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.Recompute;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Schedule;
import io.rootstock.trainer.v1.Task;

/** Resolves the hyperparameters: one method per automatic value; explicit values are validated and kept. */
final class HyperparameterRule {
    /** Tokens per parameter of compute-optimal training (Hoffmann et al. 2022). */
    private static final long TOKENS_PER_PARAMETER = 20;
    /** Epochs over limited data that are nearly as useful as new data (Muennighoff et al. 2023). */
    private static final long USEFUL_PASSES = 4;
    /** Limit of the activations of a micro-batch. */
    private static final double MICRO_BATCH_BYTES = 1536e6;

    private static final double MAX_MICRO_BATCH_TOKENS = 16384;

    private static final int MAX_THREADS = 1024;

    /** Maximum number of processes of a run. */
    static final int MAX_RANKS = 1024;

    private final Task task;
    private final boolean fromBase;
    private final Architecture shape;
    private final DataFacts data;
    private final Machine machine;
    private final Hyperparameters asked;
    private final ModelSize size;
    private final FineTuningDefaults fineTuning;

    HyperparameterRule(RunSpec spec, Architecture shape, DataFacts data, Machine machine, int classes) {
        this.task = spec.getTask();
        this.fromBase = !spec.getBaseDigest().isEmpty();
        this.shape = shape;
        this.data = data;
        this.machine = machine;
        this.asked = spec.getHyperparameters();
        this.size = ModelSize.of(Shapes.shape(shape, classes));
        this.fineTuning = FineTuningDefaults.of(task, shape, size, data.trainRows(), TuningRule.lowRank(asked));
    }

    Hyperparameters resolve() {
        Hyperparameters.Builder resolved = Hyperparameters.newBuilder();
        resolveBounds(resolved);
        TuningRule.resolve(task, asked, shape, resolved);
        ClassificationRule.resolve(task, asked, fineTuning, resolved);
        int ranks = integer("ranks", asked.hasRanks(), asked.getRanks(), 1, 1, MAX_RANKS);
        int threads = integer(
                "threads", asked.hasThreads(), asked.getThreads(), machine.coresOfProcess(ranks), 1, MAX_THREADS);
        int rows = integer("batch_rows", asked.hasBatchRows(), asked.getBatchRows(), batchRows(resolved), 1, 1 << 20);
        long steps = expectedSteps(resolved, rows);
        double warmup = share("warmup_fraction", asked.hasWarmupFraction(), asked.getWarmupFraction(), warmup(steps));
        double decay = share("decay_fraction", asked.hasDecayFraction(), asked.getDecayFraction(), 0.4);
        unless(
                warmup + decay <= 1.0,
                "hyperparameters.decay_fraction",
                "and warmup_fraction must not exceed 1 together, were " + decay + " and " + warmup);
        return resolved.setBatchRows(rows)
                .setMicroBatchTokens(integer(
                        "micro_batch_tokens",
                        asked.hasMicroBatchTokens(),
                        asked.getMicroBatchTokens(),
                        microBatchTokens(),
                        1,
                        1 << 24))
                .setBackgroundCheckpoints(!asked.hasBackgroundCheckpoints() || asked.getBackgroundCheckpoints())
                .setLearningRate(positive(
                        "learning_rate", asked.hasLearningRate(), asked.getLearningRate(), learningRate(), 10.0))
                .setWarmupFraction(warmup)
                .setDecayFraction(decay)
                .setSchedule(schedule())
                .setWeightDecay(share("weight_decay", asked.hasWeightDecay(), asked.getWeightDecay(), weightDecay()))
                .setGradientClip(positive(
                        "gradient_clip", asked.hasGradientClip(), asked.getGradientClip(), 1.0, Double.MAX_VALUE))
                .setBeta1(momentum("beta1", asked.hasBeta1(), asked.getBeta1(), 0.9))
                .setBeta2(momentum(
                        "beta2",
                        asked.hasBeta2(),
                        asked.getBeta2(),
                        task == Task.TASK_PRETRAIN ? 0.95 : fineTuning.beta2()))
                .setValidationInterval(integer(
                        "validation_interval",
                        asked.hasValidationInterval(),
                        asked.getValidationInterval(),
                        validationInterval(rows, steps, resolved.hasSeconds()),
                        0,
                        Integer.MAX_VALUE))
                .setCheckpointInterval(integer(
                        "checkpoint_interval",
                        asked.hasCheckpointInterval(),
                        asked.getCheckpointInterval(),
                        resolved.hasSeconds() ? 100 : Math.clamp(steps / 20, 10, 500), // cost: decision 0090
                        1,
                        Integer.MAX_VALUE))
                .setCheckpointsKept(
                        integer("checkpoints_kept", asked.hasCheckpointsKept(), asked.getCheckpointsKept(), 2, 1, 1000))
                .setPatience(integer("patience", asked.hasPatience(), asked.getPatience(), patience(), 0, 1_000_000))
                .setPreferenceBeta(preferenceBeta())
                .setOptimizer(optimizer())
                .setRecompute(recompute())
                .setPacking(packing())
                .setSpikeThreshold(spikeThreshold())
                .setPrecision(precision())
                .setThreads(threads)
                .setRanks(ranks)
                .setSeed(asked.hasSeed() ? asked.getSeed() : 1)
                .build();
    }

    private void resolveBounds(Hyperparameters.Builder resolved) {
        if (asked.hasSeconds()) {
            unless(
                    asked.getSeconds() > 0.0 && asked.getSeconds() <= 1e9,
                    "hyperparameters.seconds",
                    "must be above 0 and at most 1e9, was " + asked.getSeconds());
            resolved.setSeconds(asked.getSeconds());
        }
        if (task == Task.TASK_PRETRAIN) {
            unless(
                    !asked.hasEpochs(),
                    "hyperparameters.epochs",
                    "is for fine-tuning; pre-training is bounded by tokens or seconds");
            unless(
                    !asked.hasTokens() || asked.getTokens() > 0,
                    "hyperparameters.tokens",
                    "must be above 0, was " + asked.getTokens());
            if (asked.hasTokens()) {
                resolved.setTokens(asked.getTokens());
            } else if (!asked.hasSeconds()) {
                long targetTokens = size.parameters() * TOKENS_PER_PARAMETER;
                long passes = fromBase ? 1 : USEFUL_PASSES;
                resolved.setTokens(Math.min(targetTokens, Math.max(1, data.trainTokens() * passes)));
            }
            return;
        }
        unless(
                !asked.hasEpochs() || (asked.getEpochs() > 0.0 && asked.getEpochs() <= 1e6),
                "hyperparameters.epochs",
                "must be above 0 and at most 1e6, was " + asked.getEpochs());
        if (asked.hasEpochs()) {
            resolved.setEpochs(asked.getEpochs());
        } else if (!asked.hasSeconds()) {
            resolved.setEpochs(fineTuning.epochs());
        }
    }

    /**
     * Rows per step. The tokens per step are proportional to the square root of the total tokens: 2,048 at a million,
     * half a million at 3e11.
     */
    private int batchRows(Hyperparameters.Builder resolved) {
        if (task != Task.TASK_PRETRAIN) {
            return Math.clamp(data.trainRows() / 20, 4, 16);
        }
        double tokens = resolved.hasTokens() ? resolved.getTokens() : 1e6;
        double tokensPerStep = Math.clamp(2.0 * Math.sqrt(tokens), 2048.0, 524_288.0);
        long powerOfTwo = Math.round(Math.log(tokensPerStep) / Math.log(2.0));
        return (int) Math.max(1, (1L << powerOfTwo) / shape.getContextLength());
    }

    private long expectedSteps(Hyperparameters.Builder resolved, int rows) {
        if (resolved.hasTokens()) {
            return Math.max(1, resolved.getTokens() / ((long) rows * shape.getContextLength()));
        }
        if (resolved.hasEpochs()) {
            return Math.max(1, (long) (resolved.getEpochs() * data.trainRows() / rows));
        }
        return 1000;
    }

    private int microBatchTokens() {
        int length = task == Task.TASK_PRETRAIN ? shape.getContextLength() : Math.max(1, data.longestRow());
        boolean half = precision() == Precision.PRECISION_BFLOAT16;
        double bytes = MemoryRule.activationBytesPerToken(Shapes.shape(shape, 0), half, RowSpans.paddedLength(length));
        return (int) Math.clamp(MICRO_BATCH_BYTES / bytes, MemoryFit.MIN_TOKENS, MAX_MICRO_BATCH_TOKENS);
    }

    /** Pre-training that continues from a base uses the rate of fine-tuning all weights. */
    private double learningRate() {
        return task == Task.TASK_PRETRAIN && !fromBase
                ? FineTuningDefaults.pretrainingRate(shape)
                : fineTuning.learningRate();
    }

    private double warmup(long steps) {
        return task == Task.TASK_PRETRAIN ? Math.clamp(100.0 / steps, 0.01, 0.05) : fineTuning.warmup();
    }

    private double weightDecay() {
        return task == Task.TASK_PRETRAIN ? 0.1 : 0.01;
    }

    private Schedule schedule() {
        if (asked.hasSchedule() && asked.getSchedule() != Schedule.SCHEDULE_UNSPECIFIED) {
            unless(asked.getSchedule() != Schedule.UNRECOGNIZED, "hyperparameters.schedule", "is not known");
            return asked.getSchedule();
        }
        return task == Task.TASK_PRETRAIN ? Schedule.SCHEDULE_WARMUP_STABLE_DECAY : Schedule.SCHEDULE_COSINE;
    }

    private Precision precision() {
        if (asked.hasPrecision() && asked.getPrecision() != Precision.PRECISION_UNSPECIFIED) {
            unless(asked.getPrecision() != Precision.UNRECOGNIZED, "hyperparameters.precision", "is not known");
            return asked.getPrecision();
        }
        return machine.bfloat16() ? Precision.PRECISION_BFLOAT16 : Precision.PRECISION_FLOAT32;
    }

    /** Ten validations per pre-training run; two per epoch of fine-tuning. */
    private int validationInterval(int rows, long steps, boolean byClock) {
        if (task == Task.TASK_PRETRAIN) {
            return byClock ? 250 : Math.clamp(steps / 10, 1, 5000);
        }
        return Math.clamp(data.trainRows() / rows / 2, 1, 5000);
    }

    /** Pre-training has no patience, since it repeats little of its data. */
    private int patience() {
        unless(
                task != Task.TASK_PRETRAIN || asked.getPatience() == 0,
                "hyperparameters.patience",
                "is for fine-tuning; pre-training keeps its last weights");
        return task == Task.TASK_PRETRAIN ? 0 : fineTuning.patience();
    }

    private double preferenceBeta() {
        unless(
                task == Task.TASK_PREFERENCE || !asked.hasPreferenceBeta(),
                "hyperparameters.preference_beta",
                "is for preference");
        return positive("preference_beta", asked.hasPreferenceBeta(), asked.getPreferenceBeta(), 0.1, 100.0);
    }

    private Optimizer optimizer() {
        unless(asked.getOptimizer() != Optimizer.UNRECOGNIZED, "hyperparameters.optimizer", "is not known");
        boolean muon = asked.getOptimizer() == Optimizer.OPTIMIZER_MUON;
        unless(
                !muon || !TuningRule.lowRank(asked),
                "hyperparameters.optimizer",
                "MUON requires full matrices; adapters are trained with ADAMW");
        return muon ? Optimizer.OPTIMIZER_MUON : Optimizer.OPTIMIZER_ADAMW;
    }

    private Recompute recompute() {
        unless(asked.getRecompute() != Recompute.UNRECOGNIZED, "hyperparameters.recompute", "is not known");
        return asked.getRecompute() == Recompute.RECOMPUTE_UNSPECIFIED
                ? Recompute.RECOMPUTE_NONE
                : asked.getRecompute();
    }

    /**
     * Packing is off for pre-training, whose windows have equal lengths, and on a GPU, which needs few and large kernel
     * launches.
     */
    private boolean packing() {
        unless(
                task != Task.TASK_PRETRAIN || !asked.getPacking(),
                "hyperparameters.packing",
                "is for fine-tuning; pre-training cuts documents into windows of one length");
        unless(
                !machine.gpu() || !asked.getPacking(),
                "hyperparameters.packing",
                "is for training on the CPU; a GPU pads rows");
        return asked.hasPacking() ? asked.getPacking() : task != Task.TASK_PRETRAIN && !machine.gpu();
    }

    /** Off for fine-tuning: the loss of its small batches has a long tail of values that are not spikes. */
    private double spikeThreshold() {
        double value = asked.hasSpikeThreshold() ? asked.getSpikeThreshold() : task == Task.TASK_PRETRAIN ? 6 : 0;
        unless(
                value == 0 || (value >= 1 && value <= 1000),
                "hyperparameters.spike_threshold",
                "must be 0 or 1 to 1000, was " + value);
        return value;
    }

    private static int integer(String name, boolean set, int value, int automatic, int least, int most) {
        if (!set) {
            return Math.clamp(automatic, least, most);
        }
        unless(
                value >= least && value <= most,
                "hyperparameters." + name,
                "must be " + least + " to " + most + ", was " + value);
        return value;
    }

    private static double share(String name, boolean set, double value, double automatic) {
        if (!set) {
            return automatic;
        }
        unless(value >= 0.0 && value <= 1.0, "hyperparameters." + name, "must be 0 to 1, was " + value);
        return value;
    }

    private static double momentum(String name, boolean set, double value, double automatic) {
        if (!set) {
            return automatic;
        }
        unless(value >= 0.0 && value < 1.0, "hyperparameters." + name, "must be 0 or more and below 1, was " + value);
        return value;
    }

    private static double positive(String name, boolean set, double value, double automatic, double most) {
        if (!set) {
            return automatic;
        }
        unless(
                value > 0.0 && value <= most,
                "hyperparameters." + name,
                "must be above 0" + (most < 1e6 ? " and at most " + most : "") + ", was " + value);
        return value;
    }
}
