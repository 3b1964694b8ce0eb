package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.torch.DType;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import io.rootstock.trainer.engine.model.ParameterView;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.engine.model.Tuning;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Small models and batches. Weights are large, so that every operation of the model affects the loss. */
public final class Samples {
    private static final float ENLARGEMENT = 6;

    private static final ModelShape QWEN2 = new ModelShape(97, 32, 2, 4, 2, 44, 12, 1e-6, 1000000, false, 0)
            .withFamily(ModelFamily.QWEN2)
            .withRopeScaling(new RopeScaling.Linear(4));

    /** Concatenated heads wider than the residual stream. */
    private static final ModelShape QWEN3 = new ModelShape(97, 32, 2, 4, 2, 44, 12, 1e-6, 1000000, true, 0)
            .withFamily(ModelFamily.QWEN3)
            .withHeadDimension(20);

    /** Head norms, and frequencies in each of the three ranges of Llama 3 scaling. */
    private static final ModelShape LLAMA31 = new ModelShape(97, 32, 2, 4, 1, 44, 12, 1e-5, 500000, true, 0)
            .withFamily(ModelFamily.QWEN3)
            .withHeadDimension(32)
            .withRopeScaling(new RopeScaling.Llama3(8, 1, 4, 64));

    private Samples() {}

    /**
     * Tied and untied language models and a classifier; heads narrower and wider than a vector, and the attention
     * of Qwen2 and Qwen3.
     */
    public static List<ModelShape> shapes() {
        return List.of(
                new ModelShape(97, 32, 2, 4, 2, 44, 12, 1e-5, 10000, true, 0),
                new ModelShape(97, 32, 2, 4, 4, 44, 12, 1e-5, 10000, false, 0),
                new ModelShape(101, 128, 2, 4, 1, 75, 16, 1e-6, 500000, true, 0),
                QWEN2,
                QWEN3,
                LLAMA31,
                new ModelShape(97, 32, 2, 4, 2, 44, 12, 1e-5, 10000, true, 5));
    }

    public static Stream<ModelShape> shapeStream() {
        return shapes().stream();
    }

    public static Engine engine(
            ModelShape shape, DType masterType, DType computeType, boolean vectorKernels, int threads) {
        return engine(shape, masterType, computeType, vectorKernels, threads, new Tuning.Full());
    }

    public static Engine engine(
            ModelShape shape, DType masterType, DType computeType, boolean vectorKernels, int threads, Tuning tuning) {
        Precision precision = computeType == DType.BFLOAT16
                ? Precision.BFLOAT16
                : masterType == DType.FLOAT64 ? Precision.FLOAT64 : Precision.FLOAT32;
        return engine(shape, tuning, new Execution(precision, threads, Recomputation.NONE, vectorKernels));
    }

    /** An engine with random weights; the adapters' B, which are initialized to 0, are random too. */
    public static Engine engine(ModelShape shape, Tuning tuning, Execution execution) {
        DType masterType = execution.masterType();
        Engine engine = Engine.create(shape, tuning, execution);
        engine.initialize(5);
        SplittableRandom random = new SplittableRandom(6);
        List<ParameterView> all = new ArrayList<>(engine.parameters());
        all.addAll(engine.adapterParameters());
        for (ParameterView parameter : all) {
            if (parameter.name().contains("lora_")) {
                for (long index = 0; index < parameter.elements(); index++) {
                    set(parameter.values(), index, masterType, (float) (0.1 * random.nextGaussian()));
                }
                continue;
            }
            boolean bias = parameter.name().endsWith(".bias");
            boolean gain = parameter.shape().length == 1 && !bias;
            MemorySegment values = parameter.values();
            for (long index = 0; index < parameter.elements(); index++) {
                // rounded to float32, so that all precisions have equal weights
                float value = masterType == DType.FLOAT64
                        ? (float) values.getAtIndex(JAVA_DOUBLE, index)
                        : values.getAtIndex(JAVA_FLOAT, index);
                set(
                        values,
                        index,
                        masterType,
                        bias ? (float) (0.5 * random.nextGaussian()) : changed(value, gain, random));
            }
        }
        engine.weightsChanged();
        return engine;
    }

    private static void set(MemorySegment values, long index, DType masterType, float value) {
        if (masterType == DType.FLOAT64) {
            values.setAtIndex(JAVA_DOUBLE, index, value);
        } else {
            values.setAtIndex(JAVA_FLOAT, index, value);
        }
    }

    private static float changed(float value, boolean gain, SplittableRandom random) {
        return gain ? (float) random.nextDouble(0.5, 1.5) : value * ENLARGEMENT;
    }

    public static Engine float64(ModelShape shape, Tuning tuning) {
        return engine(shape, DType.FLOAT64, DType.FLOAT64, false, 2, tuning);
    }

    public static Engine float64(ModelShape shape) {
        return engine(shape, DType.FLOAT64, DType.FLOAT64, false, 2);
    }

    /** A random batch for the model's head; about a third of a language batch's positions have no loss. */
    public static Batch batch(ModelShape shape, int rows, int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] tokens =
                random.ints((long) rows * length, 0, shape.vocabularySize()).toArray();
        if (shape.classifier()) {
            int[] last = random.ints(rows, length / 2, length).toArray();
            int[] labels = random.ints(rows, 0, shape.classes()).toArray();
            return new ClassificationBatch(rows, length, tokens, last, labels);
        }
        int[] targets =
                random.ints((long) rows * length, 0, shape.vocabularySize()).toArray();
        Arrays.setAll(targets, index -> random.nextInt(3) == 0 ? LanguageBatch.NO_LOSS : targets[index]);
        return new LanguageBatch(rows, length, tokens, targets);
    }

    /** Preference pairs whose answers start at different positions, with random reference log-probabilities. */
    public static PreferenceBatch pairs(ModelShape shape, int pairs, int length, double beta, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageBatch rows = (LanguageBatch) batch(shape, 2 * pairs, length, seed);
        int[] targets = rows.targets().clone();
        for (int row = 0; row < 2 * pairs; row++) {
            Arrays.fill(targets, row * length, row * length + random.nextInt(1, length / 2), LanguageBatch.NO_LOSS);
        }
        double[] reference = random.doubles(2L * pairs, -40, -20).toArray();
        return new PreferenceBatch(pairs, length, rows.tokens(), targets, reference, beta);
    }

    /** Rows from (inclusive) to (exclusive) of a batch. */
    public static Batch rows(Batch batch, int from, int to) {
        int length = batch.length();
        int[] tokens = Arrays.copyOfRange(batch.tokens(), from * length, to * length);
        return switch (batch) {
            case LanguageBatch language ->
                new LanguageBatch(
                        to - from, length, tokens, Arrays.copyOfRange(language.targets(), from * length, to * length));
            case ClassificationBatch classes ->
                new ClassificationBatch(
                        to - from,
                        length,
                        tokens,
                        Arrays.copyOfRange(classes.lastPositions(), from, to),
                        Arrays.copyOfRange(classes.labels(), from, to),
                        classes.loss());
            case PreferenceBatch pairs ->
                new PreferenceBatch(
                        (to - from) / 2,
                        length,
                        tokens,
                        Arrays.copyOfRange(pairs.targets(), from * length, to * length),
                        Arrays.copyOfRange(pairs.reference(), from, to),
                        pairs.beta());
        };
    }

    public static double largestDifference(double[] left, double[] right) {
        double largest = 0;
        for (int index = 0; index < left.length; index++) {
            double difference = Math.abs(left[index] - right[index]);
            largest = difference <= largest ? largest : difference; // keeps NaN
        }
        return largest;
    }

    public static double largest(double[] values) {
        return largestDifference(values, new double[values.length]);
    }

    public static double cosine(double[] left, double[] right) {
        double product = 0;
        double leftSquare = 0;
        double rightSquare = 0;
        for (int index = 0; index < left.length; index++) {
            product += left[index] * right[index];
            leftSquare += left[index] * left[index];
            rightSquare += right[index] * right[index];
        }
        return product / Math.sqrt(leftSquare * rightSquare);
    }

    /** Moves the state to a new engine, as a checkpoint does, and closes the old engine. */
    public static Engine replaced(Engine engine, Precision precision, int threads) {
        Engine next = Engine.create(engine.shape(), precision, threads);
        next.masterWeights().copyFrom(engine.masterWeights());
        next.firstMoment().copyFrom(engine.firstMoment());
        next.secondMoment().copyFrom(engine.secondMoment());
        next.setOptimizerStep(engine.optimizerStep());
        next.weightsChanged();
        engine.close();
        return next;
    }
}
