package io.rootstock.trainer.plan;

import io.rootstock.trainer.engine.TrainingCost;
import io.rootstock.trainer.engine.Tuning;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Memory of training, by part, in bytes. */
public final class MemoryRule {
    private static final long FLOAT = Float.BYTES;

    /** A process before its first weight: the JVM, its code and classes, and libtorch's libraries. */
    private static final long RUNTIME_BYTES = 210_000_000;

    /**
     * What a worker comes to hold that neither its steps nor a probe of them need: mapped rows, tokenizer and logs, more
     * compiled code and garbage. Runs of a minute took 25 to 55 MB more than their probe.
     */
    private static final long WORKER_BYTES = 45_000_000;

    private MemoryRule() {}

    /**
     * The parts of a run's peak memory, of all its processes together.
     *
     * @param rowLength tokens of a row
     */
    public static Map<String, Long> parts(Plan plan, int rowLength) {
        long parameters = plan.size().parameters();
        int ranks = Math.max(1, plan.hyperparameters().getRanks());
        int replicas = plan.hyperparameters().getThreads() * ranks;
        boolean bfloat16 = plan.hyperparameters().getPrecision() == Precision.PRECISION_BFLOAT16;
        int microRows = Math.ceilDiv(
                plan.hyperparameters().getBatchRows(), plan.hyperparameters().getGradientAccumulationSteps());
        int sequences = plan.task() == Task.TASK_PREFERENCE ? 2 : 1;
        long microTokens = (long) microRows * sequences * rowLength;
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("runtime", ranks * (RUNTIME_BYTES + WORKER_BYTES));
        long trained = plan.trainedParameters();
        long held = plan.tuning() instanceof Tuning.LowRank ? parameters + trained : parameters;
        double depth = (double) TrainingCost.trainedDepth(plan.shape(1e-5), plan.tuning())
                / plan.architecture().getDepth();
        parts.put("weights", (long) ranks * held * (bfloat16 ? FLOAT + 2 : FLOAT));
        parts.put("gradients", trained * FLOAT * replicas);
        parts.put("optimizer", 2L * ranks * trained * FLOAT);
        parts.put(
                "checkpoint", (plan.task() == Task.TASK_PRETRAIN ? 3L : 4L) * ranks * trained * FLOAT); // the snapshot
        double kept = TrainingCost.keptShare(plan.shape(1e-5), plan.execution().recomputation());
        double oneLayer = 1.0 / plan.architecture().getDepth(); // is made again at a time
        parts.put(
                "activations",
                Math.round((depth * kept + oneLayer * (1 - kept))
                        * microTokens
                        * layerBytesPerToken(plan.architecture())));
        parts.put("logits", Math.round(microTokens * logitBytesPerToken(plan.architecture(), plan.classes())));
        if (plan.task() != Task.TASK_PRETRAIN) {
            parts.put("best_weights", (long) ranks * trained * FLOAT);
        }
        return parts;
    }

    /**
     * The parts, where a probe trained some steps: its memory beyond the process's own is weights, gradients, optimizer
     * and what they work with; the snapshot for checkpoints, the best weights and a worker's own come on top.
     *
     * @param runtimeBytes memory of the process before it trains
     * @param peakBytes its largest memory while it trained and evaluated
     */
    public static Map<String, Long> measured(Plan plan, long runtimeBytes, long peakBytes) {
        Map<String, Long> parts = new LinkedHashMap<>(parts(plan, 1));
        parts.keySet().removeAll(Set.of("activations", "logits"));
        long known = parts.get("weights") + parts.get("gradients") + parts.get("optimizer");
        parts.put("runtime", runtimeBytes + WORKER_BYTES);
        parts.put("activations", Math.max(0, peakBytes - runtimeBytes - known));
        return parts;
    }

    static double activationBytesPerToken(Architecture shape, int classes) {
        return layerBytesPerToken(shape) + logitBytesPerToken(shape, classes);
    }

    /** Per layer: two norms with their outputs, attention in and out, queries, keys and values, gate, up and product. */
    private static double layerBytesPerToken(Architecture shape) {
        double dimension = shape.getDimension();
        double queries = Heads.queryWidth(shape);
        double keyValue = Heads.keyWidth(shape);
        double unnormed = Heads.family(shape).headNorms() ? queries + 2 * keyValue : 0;
        double perLayer = 6 * dimension + 2 * queries + 2 * keyValue + unnormed + 3.0 * shape.getFeedForward();
        return shape.getDepth() * perLayer * FLOAT;
    }

    private static double logitBytesPerToken(Architecture shape, int classes) {
        return classes > 0 ? 0.0 : 2.0 * shape.getVocabularySize() * FLOAT;
    }
}
