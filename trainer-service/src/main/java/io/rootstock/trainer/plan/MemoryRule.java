package io.rootstock.trainer.plan;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.trainer.engine.batch.RowSpans;
import io.rootstock.trainer.engine.model.TrainingCost;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.Recompute;
import io.rootstock.trainer.v1.Task;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Estimates the peak memory of training by component, in bytes. */
public final class MemoryRule {
    private static final long FLOAT = Float.BYTES;
    private static final long HALF = Short.BYTES;

    /** Memory of a process without a model: the JVM, its code and classes, and libtorch's libraries. */
    private static final long RUNTIME_BYTES = 210_000_000;

    /**
     * Memory of a worker that a probe does not use: mapped rows, tokenizer, logs, and more compiled code and garbage.
     * Runs of a minute used 25 to 55 MB more than their probe.
     */
    private static final long WORKER_BYTES = 45_000_000;

    /**
     * Memory of oneDNN's cache of matrix products and of fragmentation, per distinct number of tokens in a replica's
     * share of a micro-batch: 20 products of 0.28 MB, with adapters 32 and small tensors beside them (decision 0107).
     * Float32 products are OpenBLAS's, which has no such cache.
     */
    private static final long PREPARED_BYTES = 5_600_000;

    private static final long PREPARED_ADAPTER_BYTES = 11_200_000;

    /** The cache holds at most 1,024 products. */
    private static final int MAX_PREPARED = 50;

    /**
     * Maximum number of logits computed at a time, but at least {@link #MIN_LOGIT_ROWS} rows. See
     * {@code Llama.pieces}.
     */
    private static final long LOGITS_AT_ONCE = 1 << 20;

    private static final long MIN_LOGIT_ROWS = 256;

    /** Longest row whose attention probabilities are saved for the backward pass. See {@code ScoreAttention}. */
    private static final int MAX_KEPT_PROBABILITIES = 256;

    /** Working set of a layer's backward pass, as a multiple of the activations that the layer saves. */
    private static final double BACKWARD_WORK = 1.5;

    /** The mapped GGUF file of a base whose weights stay quantized. */
    private static final String BASE_FILE = "base_file";

    /** Memory of a replica's tile of dequantized weights in float32, its bfloat16 copy, and a product with it. */
    private static final long DEQUANTIZED_BYTES = 12L << 20;

    private MemoryRule() {}

    /** Returns the components of a run's peak memory, summed over its processes. */
    public static Map<String, Long> parts(Plan plan, DataFacts data) {
        ModelShape shape = plan.shape();
        long parameters = plan.size().parameters();
        int ranks = Math.max(1, plan.hyperparameters().getRanks());
        int replicas = plan.hyperparameters().getThreads() * ranks;
        boolean half = plan.hyperparameters().getPrecision() == Precision.PRECISION_BFLOAT16;
        long trained = plan.trainedParameters();
        boolean quantized = TuningRule.quantizedBase(plan.hyperparameters().getLora());
        long frozen = quantized ? ModelSize.vectorParameters(shape) : parameters;
        long held = plan.tuning() instanceof Tuning.LowRank ? frozen + trained : parameters;
        double depth = TrainingCost.trainedDepth(shape, plan.tuning());
        int length = RowSpans.paddedLength(longestRow(plan, data));
        long tokens = microBatchTokens(plan, data);
        Recompute recompute = plan.hyperparameters().getRecompute();
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("runtime", ranks * (RUNTIME_BYTES + WORKER_BYTES));
        parts.put("weights", ranks * held * (half ? FLOAT + HALF : FLOAT));
        if (quantized) {
            // The processes of a machine share one mapping of the file; each replica has its own tile of dequantized
            // weights.
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
            parts.put("products", half ? ranks * preparedBytes(plan, data) : 0);
            parts.put("best_weights", ranks * trained * FLOAT);
        }
        return parts;
    }

    /**
     * Returns the components based on a probe. The probe's peak memory above the process's own covers weights,
     * gradients, optimizer state and workspace; the copy for checkpoints, the best weights and a worker's own memory
     * are added.
     *
     * @param runtimeBytes memory of the process before training
     * @param peakBytes peak memory of the process while it trained and evaluated
     */
    public static Map<String, Long> measured(Plan plan, DataFacts data, long runtimeBytes, long peakBytes) {
        Map<String, Long> parts = new LinkedHashMap<>(parts(plan, data));
        parts.keySet().removeAll(Set.of("activations", "logits"));
        long known = parts.get("weights") + parts.get("gradients") + parts.get("optimizer");
        parts.put("runtime", runtimeBytes + WORKER_BYTES);
        parts.put("activations", Math.max(0, peakBytes - runtimeBytes - known));
        return parts;
    }

    /** Estimated peak memory: the sum of the components. */
    static long total(Plan plan, DataFacts data) {
        return parts(plan, data).values().stream().mapToLong(Long::longValue).sum();
    }

    /** Memory of oneDNN's cache, which has an entry for each number of tokens in a replica's share of a micro-batch. */
    private static long preparedBytes(Plan plan, DataFacts data) {
        MicroBatches division = MicroBatches.of(plan);
        Set<Integer> tokens = new HashSet<>();
        for (int[] step : data.someSteps(plan.hyperparameters().getBatchRows())) {
            for (MicroBatches.Range range : division.divide(step).ranges()) {
                tokens.addAll(division.shares(step, range));
            }
        }
        long bytes = plan.tuning() instanceof Tuning.LowRank ? PREPARED_ADAPTER_BYTES : PREPARED_BYTES;
        return bytes * Math.min(tokens.size(), MAX_PREPARED);
    }

    /** Tokens of the largest micro-batch, padding included. */
    private static long microBatchTokens(Plan plan, DataFacts data) {
        int rows = plan.hyperparameters().getBatchRows();
        if (plan.task() == Task.TASK_PRETRAIN) {
            long context = plan.architecture().getContextLength();
            long fitting = Math.clamp(plan.hyperparameters().getMicroBatchTokens() / context, 1, rows);
            return fitting * context;
        }
        return MicroBatches.of(plan).divide(data.largestStep(rows)).largest();
    }

    private static int longestRow(Plan plan, DataFacts data) {
        return plan.task() == Task.TASK_PRETRAIN
                ? plan.architecture().getContextLength()
                : Math.max(1, data.longestRow());
    }

    /** Bytes per token of the activations that all layers save for the backward pass, without recomputation. */
    static double activationBytesPerToken(ModelShape shape, boolean half, int length) {
        return shape.layers() * savedBytes(shape, half, length, Recompute.RECOMPUTE_NONE);
    }

    /**
     * Bytes per token of the activations that a layer saves: its input and the residual after attention [D] in float32;
     * queries, keys and values, the attention output, gate and up in the compute type.
     */
    private static double savedBytes(ModelShape shape, boolean half, int length, Recompute recompute) {
        double product = half ? HALF : FLOAT;
        double residual = FLOAT * (double) shape.dimension();
        double queries = shape.headsWidth();
        double keyValues = 2.0 * shape.keyValueWidth();
        double norms = shape.family().headNorms() ? queries + keyValues : 0;
        // With the causal mask, half of the scores plus a few in the diagonal blocks.
        double probabilities = length <= MAX_KEPT_PROBABILITIES
                ? 0.6 * shape.heads() * length * product
                : (double) FLOAT * shape.heads();
        double attention = product * (2 * queries + keyValues + norms) + probabilities;
        double feedForward = residual + product * 2.0 * shape.feedForward();
        return switch (recompute) {
            case RECOMPUTE_BLOCK -> residual;
            case RECOMPUTE_ATTENTION -> residual + feedForward;
            case RECOMPUTE_NONE, RECOMPUTE_UNSPECIFIED, UNRECOGNIZED -> residual + attention + feedForward;
        };
    }

    /**
     * Bytes of the logits [rows,V] of a replica, computed in chunks of rows, and in bfloat16 of the gradient of the
     * output projection.
     */
    private static long logitBytes(ModelShape shape, boolean half, long tokens) {
        long vocabulary = shape.vocabularySize();
        long rows = Math.min(tokens, Math.max(MIN_LOGIT_ROWS, LOGITS_AT_ONCE / vocabulary));
        return half ? HALF * vocabulary * (rows + shape.dimension()) : FLOAT * vocabulary * rows;
    }
}
