package io.rootstock.trainer.plan;

import io.rootstock.trainer.engine.batch.RowLengths;
import io.rootstock.trainer.engine.model.TrainingCost;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.Recompute;
import io.rootstock.trainer.v1.Task;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Peak memory of training, by part, in bytes. */
public final class MemoryRule {
    private static final long FLOAT = Float.BYTES;
    private static final long HALF = Short.BYTES;

    /** A process before its first weight: the JVM, its code and classes, and libtorch's libraries. */
    private static final long RUNTIME_BYTES = 210_000_000;

    /**
     * What a worker holds that neither its steps nor a probe of them need: mapped rows, tokenizer and logs, more compiled
     * code and garbage. Runs of a minute took 25 to 55 MB more than their probe.
     */
    private static final long WORKER_BYTES = 45_000_000;

    /**
     * What oneDNN keeps of the products that it prepared, for each number of tokens that a replica's share of a micro-batch
     * may have: 0.28 MB a product, 548 of them for 19 such numbers, evaluations included (0107). It keeps at most 1,024.
     */
    private static final long PREPARED_BYTES = 5_600_000;

    private static final int MOST_PREPARED = 50;

    /** Logits at a time: as many values, but at least so many rows. See {@code Llama.pieces}. */
    private static final long LOGITS_AT_ONCE = 1 << 20;

    private static final long LEAST_LOGIT_ROWS = 256;

    /** Longest rows whose attention probabilities are kept for the backward pass. See {@code ScoreAttention}. */
    private static final int LONGEST_KEPT_PROBABILITIES = 256;

    /** The working set of a layer's backward pass, as a multiple of the activations that a layer saves. */
    private static final double BACKWARD_WORK = 1.5;

    /** Steps differ: the largest micro-batch of a run is larger than that of a usual step. */
    private static final double LARGEST_STEP = 1.15;

    /** The mapped GGUF file of a base whose weights stay quantized. */
    private static final String BASE_FILE = "base_file";

    /** A replica's tile of dequantized weights in float32, its rounded copy and a product of it. */
    private static final long DEQUANTIZED_BYTES = 12L << 20;

    private MemoryRule() {}

    /** The parts of a run's peak memory, of all its processes together. */
    public static Map<String, Long> parts(Plan plan, DataFacts data) {
        Architecture shape = plan.architecture();
        long parameters = plan.size().parameters();
        int ranks = Math.max(1, plan.hyperparameters().getRanks());
        int replicas = plan.hyperparameters().getThreads() * ranks;
        boolean half = plan.hyperparameters().getPrecision() == Precision.PRECISION_BFLOAT16;
        long trained = plan.trainedParameters();
        boolean quantized = TuningRule.quantizedBase(plan.hyperparameters().getLora());
        long frozen = quantized ? vectors(plan.architecture()) : parameters;
        long held = plan.tuning() instanceof Tuning.LowRank ? frozen + trained : parameters;
        double depth = TrainingCost.trainedDepth(plan.shape(1e-5), plan.tuning());
        int length = RowLengths.padded(longestRow(plan, data));
        long tokens = microBatchTokens(plan, data);
        Recompute recompute = plan.hyperparameters().getRecompute();
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("runtime", ranks * (RUNTIME_BYTES + WORKER_BYTES));
        parts.put("weights", ranks * held * (half ? FLOAT + HALF : FLOAT));
        if (quantized) {
            // One mapping for all processes of a machine; each replica dequantizes into tiles of its own.
            parts.put(BASE_FILE, plan.hyperparameters().getLora().getBaseBytes());
            parts.put("dequantized", replicas * DEQUANTIZED_BYTES);
        }
        parts.put("gradients", trained * FLOAT * replicas);
        parts.put("optimizer", 2L * ranks * trained * FLOAT);
        if (plan.hyperparameters().getBackgroundCheckpoints()) {
            parts.put("checkpoint", 3L * ranks * trained * FLOAT); // a copy of weights and moments
        }
        double saved = depth * savedBytes(shape, half, length, recompute);
        double work = BACKWARD_WORK * savedBytes(shape, half, length, Recompute.RECOMPUTE_NONE);
        parts.put("activations", Math.round(tokens * (saved + work)));
        parts.put(
                "logits", plan.classes() > 0 ? 0 : replicas * logitBytes(shape, half, Math.ceilDiv(tokens, replicas)));
        if (plan.task() != Task.TASK_PRETRAIN) {
            parts.put("products", ranks * preparedBytes(plan, data));
            parts.put("best_weights", ranks * trained * FLOAT);
        }
        return parts;
    }

    /**
     * The parts, where a probe trained some steps: its memory beyond the process's own is weights, gradients, optimizer
     * and what they work with; the copy for checkpoints, the best weights and a worker's own come on top.
     *
     * @param runtimeBytes memory of the process before it trains
     * @param peakBytes its largest memory while it trained and evaluated
     */
    public static Map<String, Long> measured(Plan plan, DataFacts data, long runtimeBytes, long peakBytes) {
        Map<String, Long> parts = new LinkedHashMap<>(parts(plan, data));
        parts.keySet().removeAll(Set.of("activations", "logits"));
        long known = parts.get("weights") + parts.get("gradients") + parts.get("optimizer");
        parts.put("runtime", runtimeBytes + WORKER_BYTES);
        parts.put("activations", Math.max(0, peakBytes - runtimeBytes - known));
        return parts;
    }

    /** All parts together. */
    static long total(Plan plan, DataFacts data) {
        return parts(plan, data).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Products are prepared for every number of tokens that a replica's share of a micro-batch has. */
    private static long preparedBytes(Plan plan, DataFacts data) {
        MicroBatches division = MicroBatches.of(plan);
        Set<Integer> tokens = new HashSet<>();
        for (int[] step : data.someSteps(plan.hyperparameters().getBatchRows())) {
            for (MicroBatches.Range range : division.divide(step).ranges()) {
                tokens.addAll(division.shares(step, range));
            }
        }
        return PREPARED_BYTES * Math.min(tokens.size(), MOST_PREPARED);
    }

    /** Gains and biases, which are float32 beside quantized matrices. */
    private static long vectors(Architecture shape) {
        return shape.getDepth() * (2L * shape.getDimension() + Heads.vectorParameters(shape)) + shape.getDimension();
    }

    /** Tokens of the largest micro-batch, padding included. */
    private static long microBatchTokens(Plan plan, DataFacts data) {
        int rows = plan.hyperparameters().getBatchRows();
        if (plan.task() == Task.TASK_PRETRAIN) {
            long context = plan.architecture().getContextLength();
            long fitting = Math.clamp(plan.hyperparameters().getMicroBatchTokens() / context, 1, rows);
            return fitting * context;
        }
        long longest = RowLengths.padded(longestRow(plan, data));
        long most = Math.max(longest, plan.hyperparameters().getMicroBatchTokens());
        long usual = MicroBatches.of(plan).divide(data.usualStep(rows)).largest();
        return Math.min(most, Math.max(longest, Math.round(LARGEST_STEP * usual)));
    }

    private static int longestRow(Plan plan, DataFacts data) {
        return plan.task() == Task.TASK_PRETRAIN
                ? plan.architecture().getContextLength()
                : Math.max(1, data.longestRow());
    }

    /** Activations of a token that are saved for the backward pass by all layers, nothing recomputed. */
    static double activationBytesPerToken(Architecture shape, boolean half, int length) {
        return shape.getDepth() * savedBytes(shape, half, length, Recompute.RECOMPUTE_NONE);
    }

    /**
     * Activations of a token that a layer saves: its input and the residual after attention [D] in float32; queries, keys
     * and values, their product with the probabilities, gate and up in the products' type.
     */
    private static double savedBytes(Architecture shape, boolean half, int length, Recompute recompute) {
        double product = half ? HALF : FLOAT;
        double residual = FLOAT * (double) shape.getDimension();
        double queries = Heads.queryWidth(shape);
        double keyValues = 2.0 * Heads.keyWidth(shape);
        double norms = Heads.family(shape).headNorms() ? queries + keyValues : 0;
        // Causal: half of the scores, a few more where blocks meet the diagonal.
        double probabilities = length <= LONGEST_KEPT_PROBABILITIES
                ? 0.6 * shape.getHeads() * length * product
                : (double) FLOAT * shape.getHeads();
        double attention = product * (2 * queries + keyValues + norms) + probabilities;
        double feedForward = residual + product * 2.0 * shape.getFeedForward();
        return switch (recompute) {
            case RECOMPUTE_BLOCK -> residual;
            case RECOMPUTE_ATTENTION -> residual + feedForward;
            case RECOMPUTE_NONE, RECOMPUTE_UNSPECIFIED, UNRECOGNIZED -> residual + attention + feedForward;
        };
    }

    /** Logits [rows,V] of a replica, made in pieces of rows, and in bfloat16 the gradient of the output projection. */
    private static long logitBytes(Architecture shape, boolean half, long tokens) {
        long vocabulary = shape.getVocabularySize();
        long rows = Math.min(tokens, Math.max(LEAST_LOGIT_ROWS, LOGITS_AT_ONCE / vocabulary));
        return half ? HALF * vocabulary * (rows + shape.getDimension()) : FLOAT * vocabulary * rows;
    }
}
