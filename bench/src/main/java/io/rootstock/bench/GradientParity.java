package io.rootstock.bench;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.StepResult;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import io.rootstock.trainer.engine.model.ParameterView;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Java half of {@code bench/parity/gradients}. Compares every parameter tensor's gradient with finite differences in
 * float64, and writes weights, batches, losses, logits and gradients of both precisions into a folder, where the Python
 * half compares them with PyTorch.
 */
public final class GradientParity {
    private static final String NO_PREFERENCES = "pairs are compared with autograd, in the trainer's own tests";

    private static final int SAMPLES_PER_TENSOR = 24;

    private GradientParity() {}

    /** Argument: the output folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Map<String, ModelShape> models = new LinkedHashMap<>();
        models.put("tied", new ModelShape(199, 64, 3, 4, 2, 96, 24, ModelShape.NORM_EPSILON, 10000, true, 0));
        models.put("untied", new ModelShape(199, 64, 3, 4, 1, 96, 24, 1e-6, 500000, false, 0));
        models.put("wide-heads", new ModelShape(211, 128, 2, 2, 2, 200, 32, ModelShape.NORM_EPSILON, 10000, true, 0));
        models.put("classifier", new ModelShape(199, 64, 3, 4, 2, 96, 24, ModelShape.NORM_EPSILON, 10000, true, 6));
        double worst = 0;
        System.out.println(
                "finite differences (five points, float64), " + SAMPLES_PER_TENSOR + " values of each tensor");
        for (Map.Entry<String, ModelShape> model : models.entrySet()) {
            Batch batch = batch(model.getValue());
            write(folder.resolve(model.getKey()), model.getValue(), Precision.FLOAT32, batch);
            worst = Math.max(worst, write(folder.resolve(model.getKey()), model.getValue(), Precision.FLOAT64, batch));
        }
        Files.writeString(folder.resolve("finite_differences"), Double.toString(worst));
    }

    private static double write(Path folder, ModelShape shape, Precision precision, Batch batch) throws IOException {
        Path results = Files.createDirectories(folder.resolve(precision.name().toLowerCase(Locale.ROOT)));
        try (Engine engine = Engine.create(shape, precision, 2)) {
            fill(engine, precision);
            StepResult result = engine.gradient(List.of(batch));
            double[] gradient = engine.lastGradient();
            doubles(results.resolve("loss"), new double[] {result.meanLoss()});
            doubles(results.resolve("gradient"), gradient);
            float[] logits = switch (batch) {
                case LanguageBatch language -> engine.logits(language);
                case ClassificationBatch classes -> engine.classLogits(classes);
                case PreferenceBatch _ -> throw new IllegalArgumentException(NO_PREFERENCES);
            };
            doubles(results.resolve("logits"), widened(logits));
            if (precision == Precision.FLOAT64) {
                doubles(folder.resolve("weights"), engine.masterWeights().toArray(JAVA_DOUBLE));
                describe(folder, shape, batch, engine.parameters());
                return finiteDifferences(folder.getFileName().toString(), engine, batch, gradient);
            }
        }
        return 0;
    }

    /** Initializes weights large enough that every path affects the loss; equal float32 values in both precisions. */
    private static void fill(Engine engine, Precision precision) {
        SplittableRandom random = new SplittableRandom(11);
        for (ParameterView parameter : engine.parameters()) {
            boolean gain = parameter.shape().length == 1;
            for (long index = 0; index < parameter.elements(); index++) {
                float value = (float) (gain ? random.nextDouble(0.5, 1.5) : 0.12 * random.nextGaussian());
                if (precision == Precision.FLOAT64) {
                    parameter.values().setAtIndex(JAVA_DOUBLE, index, value);
                } else {
                    parameter.values().setAtIndex(JAVA_FLOAT, index, value);
                }
            }
        }
        engine.weightsChanged();
    }

    private static Batch batch(ModelShape shape) {
        int rows = 3;
        int length = shape.contextLength();
        SplittableRandom random = new SplittableRandom(12);
        int[] tokens =
                random.ints((long) rows * length, 0, shape.vocabularySize()).toArray();
        if (shape.classifier()) {
            return new ClassificationBatch(
                    rows,
                    length,
                    tokens,
                    random.ints(rows, length / 2, length).toArray(),
                    random.ints(rows, 0, shape.classes()).toArray());
        }
        int[] targets =
                random.ints((long) rows * length, 0, shape.vocabularySize()).toArray();
        for (int index = 0; index < targets.length; index += 1 + random.nextInt(5)) {
            targets[index] = LanguageBatch.NO_LOSS;
        }
        return new LanguageBatch(rows, length, tokens, targets);
    }

    private static double finiteDifferences(String model, Engine engine, Batch batch, double[] gradient) {
        SplittableRandom random = new SplittableRandom(13);
        MemorySegment weights = engine.masterWeights();
        Map<String, double[]> byLayer = new LinkedHashMap<>();
        long offset = 0;
        for (ParameterView parameter : engine.parameters()) {
            double[] row = byLayer.computeIfAbsent(layer(parameter.name()), _ -> new double[3]);
            for (int sample = 0; sample < SAMPLES_PER_TENSOR; sample++) {
                int index = (int) (offset + random.nextLong(parameter.elements()));
                row[0]++;
                row[1] = Math.max(row[1], Math.abs(gradient[index]));
                row[2] = Math.max(row[2], Math.abs(gradient[index] - slope(engine, batch, weights, index)));
            }
            offset += parameter.elements();
        }
        System.out.printf(
                "  %-12s %-32s %8s %14s %16s%n", "model", "layer", "values", "max |gradient|", "max difference");
        byLayer.forEach((layer, row) ->
                System.out.printf("  %-12s %-32s %8.0f %14.4f %16.2e%n", model, layer, row[0], row[1], row[2]));
        return byLayer.values().stream().mapToDouble(row -> row[2]).max().orElseThrow();
    }

    private static String layer(String parameter) {
        String[] parts = parameter.split("\\.", -1);
        return parts[0].equals("model") && parts[1].equals("layers")
                ? "layer " + parts[2] + " " + parts[3]
                : parameter.replace("model.", "").replace(".weight", "");
    }

    /** Five-point central difference: the error decreases with the fourth power of the step. */
    private static double slope(Engine engine, Batch batch, MemorySegment weights, long index) {
        double step = 1e-3;
        double value = weights.getAtIndex(JAVA_DOUBLE, index);
        double[] losses = new double[5];
        for (int point = -2; point <= 2; point++) {
            weights.setAtIndex(JAVA_DOUBLE, index, value + point * step);
            losses[point + 2] = engine.loss(batch).mean();
        }
        weights.setAtIndex(JAVA_DOUBLE, index, value);
        return (losses[0] - 8 * losses[1] + 8 * losses[3] - losses[4]) / (12 * step);
    }

    private static void describe(Path folder, ModelShape shape, Batch batch, List<ParameterView> parameters)
            throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("heads " + shape.heads());
        lines.add("key_value_heads " + shape.keyValueHeads());
        lines.add("layers " + shape.layers());
        lines.add("epsilon " + shape.normEpsilon());
        lines.add("theta " + shape.ropeTheta());
        lines.add("rows " + batch.rows());
        lines.add("tokens " + joined(batch.tokens()));
        switch (batch) {
            case LanguageBatch language -> lines.add("targets " + joined(language.targets()));
            case ClassificationBatch classes -> {
                lines.add("last " + joined(classes.lastPositions()));
                lines.add("labels " + joined(classes.labels()));
            }
            case PreferenceBatch _ -> throw new IllegalArgumentException(NO_PREFERENCES);
        }
        for (ParameterView parameter : parameters) {
            String sizes = Arrays.toString(parameter.shape()).replaceAll("[\\[\\],]", "");
            lines.add("parameter " + parameter.name() + " " + sizes);
        }
        Files.write(folder.resolve("description"), lines);
    }

    private static String joined(int[] values) {
        return Arrays.toString(values).replaceAll("[\\[\\],]", "");
    }

    private static double[] widened(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, index -> values[index]);
        return doubles;
    }

    private static void doubles(Path file, double[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        Files.write(file, bytes.array());
    }
}
