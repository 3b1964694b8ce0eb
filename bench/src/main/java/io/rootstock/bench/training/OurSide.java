package io.rootstock.bench.training;

import io.rootstock.torch.Device;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.StepResult;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.engine.model.TrainingCost;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The trainer's half of the comparison, in a process with the worker's JVM options. Writes the row's weights and
 * batches into a folder and then executes the commands of its input: {@code steps N} prints N lines
 * {@code step SECONDS LOSS}.
 */
public final class OurSide {
    /** With 1e-3 a classifier's loss doubles in three steps, and bfloat16 rounding errors of 0.1 % grow to 2.4 %. */
    static final double LEARNING_RATE = 1e-4;

    static final Optimizer.Settings SETTINGS = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1);

    private static final int ON_CPU = -1;

    private OurSide() {}

    /** Returns the main class and arguments of a process. */
    static List<String> program(Row row, Path folder, Execution execution) {
        return List.of(
                OurSide.class.getName(),
                row.text(),
                folder.toString(),
                execution.recomputation().name(),
                Boolean.toString(execution.vectorKernels()),
                Integer.toString(
                        execution.device().type() == Device.Type.CPU
                                ? ON_CPU
                                : execution.device().index()));
    }

    /** Takes the arguments of {@link #program}. */
    public static void main(String[] arguments) throws IOException {
        Row row = Row.parse(arguments[0]);
        List<Batch> batches = SampleBatches.of(row);
        Execution onCpu = new Execution(
                row.precision(),
                row.threads(),
                Recomputation.valueOf(arguments[2]),
                Boolean.parseBoolean(arguments[3]));
        int gpu = Integer.parseInt(arguments[4]);
        Execution execution = gpu == ON_CPU ? onCpu : onCpu.on(Device.cuda(gpu));
        try (Engine engine = Engine.create(row.shape(), row.tuning(), execution);
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            engine.initialize(1);
            SharedFolder.write(Path.of(arguments[1]), row, engine, batches, SETTINGS, LEARNING_RATE);
            System.out.println("flops " + flops(row, batches.getFirst()));
            System.out.println("ready");
            int done = 0;
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                int count = Integer.parseInt(line.substring("steps ".length()));
                for (int step = 0; step < count; step++) {
                    List<Batch> batch = List.of(batches.get(done++ % batches.size()));
                    long begin = System.nanoTime();
                    StepResult result = engine.step(batch, LEARNING_RATE, SETTINGS);
                    double seconds = (System.nanoTime() - begin) / 1e9;
                    System.out.printf(Locale.ROOT, "step %.6f %.9g%n", seconds, result.meanLoss());
                }
            }
        }
    }

    /** Minimum FLOPs of a step's matrix products: the output projection only counts positions with a loss. */
    private static double flops(Row row, Batch batch) {
        double all = TrainingCost.flopsPerToken(row.shape(), row.tuning(), row.length()) * row.tokens();
        if (!(batch instanceof LanguageBatch)) {
            return all;
        }
        double head = (row.tuning() instanceof Tuning.LowRank ? 4.0 : 6.0)
                * row.shape().vocabularySize()
                * row.shape().dimension();
        return all - head * (row.tokens() - batch.lossTokens());
    }
}
