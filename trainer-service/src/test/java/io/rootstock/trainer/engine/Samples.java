package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.torch.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Small models and batches. Weights are drawn large, so that every path of the model matters to the loss. */
final class Samples {
    private static final float ENLARGEMENT = 6;

    private static final HeadForm QWEN2 = new HeadForm(8, true, false, new RopeScaling.Linear(4));

    /** Heads that are together wider than the stream. */
    private static final HeadForm QWEN3 = new HeadForm(20, false, true, RopeScaling.NONE);

    /** All that a head can have, and frequencies of each of the three kinds. */
    private static final HeadForm LLAMA31 = new HeadForm(32, true, true, new RopeScaling.Llama3(8, 1, 4, 64));

    private Samples() {}

    /**
     * Tied and untied language models and a classifier; heads narrower and wider than a vector, and those of Qwen2 and
     * Qwen3.
     */
    static List<ModelShape> shapes() {
        return List.of(
                new ModelShape(97, 32, 2, 4, 2, 44, 12, 1e-5, 10000, true, 0),
                new ModelShape(97, 32, 2, 4, 4, 44, 12, 1e-5, 10000, false, 0),
                new ModelShape(101, 128, 2, 4, 1, 75, 16, 1e-6, 500000, true, 0),
                new ModelShape(97, 32, 2, 4, 2, 44, 12, 1e-6, 1000000, false, 0, QWEN2),
                new ModelShape(97, 32, 2, 4, 2, 44, 12, 1e-6, 1000000, true, 0, QWEN3),
                new ModelShape(97, 32, 2, 4, 1, 44, 12, 1e-5, 500000, true, 0, LLAMA31),
                new ModelShape(97, 32, 2, 4, 2, 44, 12, 1e-5, 10000, true, 5));
    }

    static Stream<ModelShape> shapeStream() {
        return shapes().stream();
    }

    static Engine engine(ModelShape shape, DType wide, DType product, boolean vectorKernels, int threads) {
        return engine(shape, wide, product, vectorKernels, threads, new Tuning.Full());
    }

    static Engine engine(
            ModelShape shape, DType wide, DType product, boolean vectorKernels, int threads, Tuning tuning) {
        Precision precision = product == DType.BFLOAT16
                ? Precision.BFLOAT16
                : wide == DType.FLOAT64 ? Precision.FLOAT64 : Precision.FLOAT32;
        return engine(shape, tuning, new Execution(precision, threads, Recomputation.NONE, vectorKernels));
    }

    /** Adapters' B, which start at zero, are random too. */
    static Engine engine(ModelShape shape, Tuning tuning, Execution execution) {
        DType wide = execution.wide();
        Engine engine = Engine.create(shape, tuning, execution);
        engine.initialize(5);
        SplittableRandom random = new SplittableRandom(6);
        List<ParameterView> all = new ArrayList<>(engine.parameters());
        all.addAll(engine.adapterParameters());
        for (ParameterView parameter : all) {
            if (parameter.name().contains("lora_")) {
                for (long index = 0; index < parameter.elements(); index++) {
                    set(parameter.values(), index, wide, (float) (0.1 * random.nextGaussian()));
                }
                continue;
            }
            boolean bias = parameter.name().endsWith(".bias");
            boolean gain = parameter.shape().length == 1 && !bias;
            MemorySegment values = parameter.values();
            for (long index = 0; index < parameter.elements(); index++) {
                // rounded to float32, so that every precision has the very same weights
                float value = wide == DType.FLOAT64
                        ? (float) values.getAtIndex(JAVA_DOUBLE, index)
                        : values.getAtIndex(JAVA_FLOAT, index);
                set(values, index, wide, bias ? (float) (0.5 * random.nextGaussian()) : changed(value, gain, random));
            }
        }
        engine.weightsChanged();
        return engine;
    }

    private static void set(MemorySegment values, long index, DType wide, float value) {
        if (wide == DType.FLOAT64) {
            values.setAtIndex(JAVA_DOUBLE, index, value);
        } else {
            values.setAtIndex(JAVA_FLOAT, index, value);
        }
    }

    private static float changed(float value, boolean gain, SplittableRandom random) {
        return gain ? (float) random.nextDouble(0.5, 1.5) : value * ENLARGEMENT;
    }

    static Engine float64(ModelShape shape, Tuning tuning) {
        return engine(shape, DType.FLOAT64, DType.FLOAT64, false, 2, tuning);
    }

    static Engine float64(ModelShape shape) {
        return engine(shape, DType.FLOAT64, DType.FLOAT64, false, 2);
    }

    /** A batch that suits the model; about a third of a language batch's positions have no loss. */
    static Batch batch(ModelShape shape, int rows, int length, long seed) {
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

    /** Pairs whose answers begin at different places, with references that are no model's. */
    static PreferenceBatch pairs(ModelShape shape, int pairs, int length, double beta, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LanguageBatch rows = (LanguageBatch) batch(shape, 2 * pairs, length, seed);
        int[] targets = rows.targets().clone();
        for (int row = 0; row < 2 * pairs; row++) {
            Arrays.fill(targets, row * length, row * length + random.nextInt(1, length / 2), LanguageBatch.NO_LOSS);
        }
        double[] reference = random.doubles(2L * pairs, -40, -20).toArray();
        return new PreferenceBatch(pairs, length, rows.tokens(), targets, reference, beta);
    }

    /** Some rows of a batch. */
    static Batch rows(Batch batch, int from, int to) {
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

    static double largestDifference(double[] left, double[] right) {
        double largest = 0;
        for (int index = 0; index < left.length; index++) {
            double difference = Math.abs(left[index] - right[index]);
            largest = difference <= largest ? largest : difference; // NaN is taken
        }
        return largest;
    }

    static double largest(double[] values) {
        return largestDifference(values, new double[values.length]);
    }

    static double cosine(double[] left, double[] right) {
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

    /** A new engine with the state of this one, which is closed: what a checkpoint gives. */
    static Engine replaced(Engine engine, Precision precision, int threads) {
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
