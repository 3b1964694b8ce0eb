package io.rootstock.bench.training;

import com.sun.management.OperatingSystemMXBean;
import io.rootstock.trainer.data.QuantizedBase;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.StepResult;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import io.rootstock.trainer.plan.MicroBatches;
import io.rootstock.trainer.plan.Plan;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The trainer's half of {@link BaseTraining}, in a process with the worker's JVM options. Writes weights, rows and
 * settings into a folder for {@code base_peft.py}, unless its weights stay quantized; then {@code steps N} prints N
 * lines {@code step CPU_SECONDS WALL_SECONDS LOSS}.
 */
public final class BaseSide {
    private BaseSide() {}

    /** Arguments: {@link BaseCase#text}, folder, GGUF file of the base weights, if the row uses it. */
    public static void main(String[] arguments) throws IOException {
        BaseCase row = BaseCase.parse(arguments[0]);
        Path folder = Path.of(arguments[1]);
        Plan plan = row.plan();
        if (row.weights() == BaseCase.Weights.RANDOM) {
            try (Engine engine = Engine.create(plan.shape(), plan.tuning(), plan.execution())) {
                engine.initialize(1);
                serve(row, plan, engine, folder);
            }
            return;
        }
        boolean quantized = row.weights() == BaseCase.Weights.QUANTIZED;
        try (QuantizedBase base = QuantizedBase.open(Path.of(arguments[2]));
                Engine engine = BaseWeightsSide.engine(
                        quantized ? BaseWeightsSide.Kind.QUANTIZED : BaseWeightsSide.Kind.FLOAT,
                        base,
                        plan.execution())) {
            serve(row, plan, engine, folder);
        }
    }

    private static void serve(BaseCase row, Plan plan, Engine engine, Path folder) throws IOException {
        List<BaseRows> steps = BaseRows.steps(row.rows(), plan.architecture().getVocabularySize());
        List<List<Batch>> batches = steps.stream()
                .map(rows -> rows.microBatches(MicroBatches.of(plan)))
                .toList();
        double rate = plan.hyperparameters().getLearningRate();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (BufferedReader commands =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            if (row.weights() != BaseCase.Weights.QUANTIZED) {
                write(folder, plan, engine, steps);
            }
            System.out.println("tokens " + plan.hyperparameters().getMicroBatchTokens());
            System.out.println("ready");
            int done = 0;
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                int count = Integer.parseInt(line.substring("steps ".length()));
                for (int step = 0; step < count; step++) {
                    long cpu = system.getProcessCpuTime();
                    long wall = System.nanoTime();
                    StepResult result = engine.step(batches.get(done++ % batches.size()), rate, plan.optimizer());
                    System.out.printf(
                            Locale.ROOT,
                            "step %.6f %.6f %.9g%n",
                            (system.getProcessCpuTime() - cpu) / 1e9,
                            (System.nanoTime() - wall) / 1e9,
                            result.meanLoss());
                }
            }
        }
    }

    private static void write(Path folder, Plan plan, Engine engine, List<BaseRows> steps) throws IOException {
        Optimizer.Settings settings = plan.optimizer();
        List<String> lines = new ArrayList<>(List.of(
                "heads " + plan.architecture().getHeads(),
                "key_value_heads " + plan.architecture().getKeyValueHeads(),
                "layers " + plan.architecture().getDepth(),
                "context " + plan.architecture().getContextLength(),
                "epsilon " + plan.shape().normEpsilon(),
                "theta " + plan.architecture().getRopeTheta(),
                "threads " + plan.hyperparameters().getThreads(),
                "precision " + plan.precision(),
                "learning_rate " + plan.hyperparameters().getLearningRate(),
                "beta1 " + settings.beta1(),
                "beta2 " + settings.beta2(),
                "adam_epsilon " + settings.epsilon(),
                "weight_decay " + settings.weightDecay(),
                "gradient_clip " + settings.gradientClip(),
                "batches " + steps.size()));
        if (plan.tuning() instanceof Tuning.LowRank lowRank) {
            lines.add("lora_scale " + lowRank.scale());
            lines.add("lora_rank " + lowRank.rank());
        } else {
            lines.add("lora_scale 0");
        }
        SharedFolder.write(
                folder,
                lines,
                Stream.concat(engine.parameters().stream(), engine.adapterParameters().stream())
                        .toList());
        for (int index = 0; index < steps.size(); index++) {
            steps.get(index).write(folder, index);
        }
    }
}
