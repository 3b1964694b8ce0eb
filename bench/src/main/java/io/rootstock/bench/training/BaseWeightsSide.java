package io.rootstock.bench.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import com.sun.management.OperatingSystemMXBean;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.collectives.Collectives;
import io.rootstock.trainer.data.QuantizedBase;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.Precision;
import io.rootstock.trainer.engine.StepResult;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.ParameterView;
import io.rootstock.trainer.engine.model.QuantizedTensor;
import io.rootstock.trainer.engine.model.QuantizedWeights;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.engine.model.Tuning;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Trains adapters on a GGUF file's weights, quantized or in float, in a process with the worker's JVM options. */
public final class BaseWeightsSide {
    private static final Tuning.LowRank ADAPTERS = new Tuning.LowRank(8, 16, false, EnumSet.allOf(AdapterTarget.class));

    private BaseWeightsSide() {}

    /** Storage of the base weights. */
    enum Kind {
        /** Quantized as in the file. */
        QUANTIZED,
        /** Dequantized once to float. */
        FLOAT
    }

    /** Returns the main class and arguments of a process. */
    static List<String> program(
            Path gguf, Kind kind, Precision precision, Recomputation recomputation, int rows, int length, int steps) {
        return List.of(
                BaseWeightsSide.class.getName(),
                gguf.toString(),
                kind.name(),
                precision.name(),
                recomputation.name(),
                Integer.toString(rows),
                Integer.toString(length),
                Integer.toString(steps));
    }

    /**
     * Prints tokens per CPU second, tokens per second, the first and the last loss, and the largest resident memory
     * with its last breakdown into anonymous and file pages.
     *
     * @param arguments arguments returned by {@link #program}
     */
    public static void main(String[] arguments) throws IOException {
        Kind kind = Kind.valueOf(arguments[1]);
        int rows = Integer.parseInt(arguments[4]);
        int length = Integer.parseInt(arguments[5]);
        int steps = Integer.parseInt(arguments[6]);
        Execution execution =
                Execution.of(Precision.valueOf(arguments[2]), 2).with(Recomputation.valueOf(arguments[3]));
        try (QuantizedBase base = QuantizedBase.open(Path.of(arguments[0]))) {
            try (Engine engine = engine(kind, base, execution)) {
                LanguageBatch batch = batch(engine.shape(), rows, length);
                StepResult first = engine.step(List.of(batch), OurSide.LEARNING_RATE, OurSide.SETTINGS);
                long cpu = cpuNanos();
                long begin = System.nanoTime();
                StepResult last = first;
                for (int step = 0; step < steps; step++) {
                    last = engine.step(List.of(batch), 10 * OurSide.LEARNING_RATE, OurSide.SETTINGS);
                }
                double tokens = (double) steps * rows * length;
                System.out.printf(
                        Locale.ROOT,
                        "side %.3f %.3f %.6f %.6f %d %d %d%n",
                        tokens / ((cpuNanos() - cpu) / 1e9),
                        tokens / ((System.nanoTime() - begin) / 1e9),
                        first.meanLoss(),
                        last.meanLoss(),
                        status("VmHWM"),
                        status("RssAnon"),
                        status("RssFile"));
            }
        }
    }

    /** Returns the model with newly initialized adapters, which do not change its output. */
    static Engine engine(Kind kind, QuantizedBase base, Execution execution) {
        Optional<QuantizedWeights> frozen = kind == Kind.QUANTIZED ? Optional.of(base.matrices()) : Optional.empty();
        Engine engine = Engine.create(base.shape(), ADAPTERS, execution, Collectives.alone(), frozen);
        Map<String, MemorySegment> vectors = new HashMap<>();
        base.vectors().forEach(vector -> vectors.put(vector.name(), vector.float32()));
        for (ParameterView view : engine.parameters()) {
            QuantizedTensor matrix = base.matrices().matrices().get(view.name());
            if (matrix == null) {
                view.values().copyFrom(vectors.get(view.name()));
            } else {
                matrix.dequantize(0, matrix.rows(), view.values());
            }
        }
        SplittableRandom random = new SplittableRandom(1);
        for (ParameterView view : engine.adapterParameters()) {
            boolean first = view.name().endsWith(".lora_A.weight");
            double bound = first ? 1 / Math.sqrt((double) view.shape()[1]) : 0;
            for (long index = 0; index < view.elements(); index++) {
                view.values().setAtIndex(JAVA_FLOAT, index, (float) (bound * (2 * random.nextDouble() - 1)));
            }
        }
        engine.weightsChanged();
        return engine;
    }

    /** Returns a batch of random tokens with a fixed seed. */
    static LanguageBatch batch(ModelShape shape, int rows, int length) {
        SplittableRandom random = new SplittableRandom(2);
        int[] tokens =
                random.ints((long) rows * length, 0, shape.vocabularySize()).toArray();
        int[] targets =
                random.ints((long) rows * length, 0, shape.vocabularySize()).toArray();
        return new LanguageBatch(rows, length, tokens, targets);
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static long status(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
