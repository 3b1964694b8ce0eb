package io.rootstock.bench.training;

import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.plan.Planner;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A row of {@link BaseTraining}: fine-tuning of a model of SmolLM2-135M's shape.
 *
 * @param method full fine-tuning, or adapters of rank 8 on every matrix
 * @param precision precision of matrix products
 * @param rows rows of a step
 * @param weights weights of the base
 */
record BaseCase(TuningMethod method, Precision precision, int rows, Weights weights) {
    /** Weights of the base. */
    enum Weights {
        /** Random float weights. */
        RANDOM,
        /** Quantized weights of SmolLM2's GGUF file (Q4_1). */
        QUANTIZED,
        /** Dequantized weights of that file, as the peer trains with. */
        DEQUANTIZED
    }

    static final int THREADS = 2;

    private static final Architecture SMOLLM2_135M = Architecture.newBuilder()
            .setDepth(30)
            .setDimension(576)
            .setHeads(9)
            .setKeyValueHeads(3)
            .setFeedForward(1536)
            .setContextLength(8192)
            .setTiedEmbeddings(true)
            .setRopeTheta(100_000)
            .setVocabularySize(49_152)
            .build();

    /** Returns every method and precision, and adapters on the quantized file. */
    static List<BaseCase> all(int rows) {
        return Stream.concat(
                        Stream.of(Precision.PRECISION_BFLOAT16, Precision.PRECISION_FLOAT32)
                                .flatMap(precision -> Stream.of(
                                                TuningMethod.TUNING_METHOD_FULL, TuningMethod.TUNING_METHOD_LORA)
                                        .map(method -> new BaseCase(method, precision, rows, Weights.RANDOM))),
                        Stream.of(new BaseCase(
                                TuningMethod.TUNING_METHOD_LORA,
                                Precision.PRECISION_BFLOAT16,
                                rows,
                                Weights.QUANTIZED)))
                .toList();
    }

    /** Returns a copy with other weights. */
    BaseCase with(Weights other) {
        return new BaseCase(method, precision, rows, other);
    }

    /** Returns the text that {@link #parse} reads. */
    String text() {
        return method + ":" + precision + ":" + rows + ":" + weights;
    }

    static BaseCase parse(String text) {
        String[] parts = text.split(":", -1);
        return new BaseCase(
                TuningMethod.valueOf(parts[0]),
                Precision.valueOf(parts[1]),
                Integer.parseInt(parts[2]),
                Weights.valueOf(parts[3]));
    }

    String methodWords() {
        if (weights == Weights.QUANTIZED) {
            return "LoRA Q4_1";
        }
        return method == TuningMethod.TUNING_METHOD_LORA ? "LoRA" : "full";
    }

    String precisionWords() {
        return precision.name().substring("PRECISION_".length()).toLowerCase(Locale.ROOT);
    }

    /** Plans the run as for a user: the planner chooses micro-batches and all other settings. */
    Plan plan() {
        List<int[]> steps = BaseRows.lengths(rows);
        List<Integer> lengths =
                steps.stream().flatMapToInt(IntStream::of).sorted().boxed().toList();
        long tokens = lengths.stream().mapToLong(Integer::longValue).sum();
        DataFacts data = new DataFacts(
                SMOLLM2_135M.getVocabularySize(),
                0,
                lengths.size(),
                tokens,
                Long.MAX_VALUE,
                lengths.getLast(),
                lengths);
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_INSTRUCTION)
                .setBaseDigest("random weights")
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setMethod(method)
                        .setPrecision(precision)
                        .setBatchRows(rows)
                        .setThreads(THREADS)
                        .setLearningRate(1e-4))
                .build();
        return Planner.plan(spec, data, Optional.of(SMOLLM2_135M), Machine.here());
    }
}
