package io.rootstock.trainer.estimate;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.rootstock.torch.Torch;
import io.rootstock.trainer.data.HeldOutData;
import io.rootstock.trainer.engine.Batch;
import io.rootstock.trainer.engine.ClassificationBatch;
import io.rootstock.trainer.engine.DeviceChoice;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.LabelLoss;
import io.rootstock.trainer.engine.LanguageBatch;
import io.rootstock.trainer.engine.OptimizerSettings;
import io.rootstock.trainer.engine.PreferenceBatch;
import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.plan.Planner;
import io.rootstock.trainer.v1.RunSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A few real training steps of a plan's very shape on made-up rows, and an evaluation: how fast, and how much memory. A
 * process of its own, so that its peak memory is that of these steps. Ends after 20 seconds, or when it knows enough.
 */
public final class StepProbe {
    private static final double MOST_SECONDS = 20.0;
    private static final double ENOUGH_SECONDS = 2.0;
    private static final int ENOUGH_STEPS = 3;

    private final Plan plan;
    private final OptimizerSettings optimizer;
    private final Engine engine;
    private final Random random = new Random(1);

    private StepProbe(Plan plan, OptimizerSettings optimizer, Engine engine) {
        this.plan = plan;
        this.optimizer = optimizer;
        this.engine = engine;
    }

    /**
     * Prints what {@link StepProbes} reads: FLOP/s reached, resident bytes before the engine, and the largest after.
     *
     * @param arguments spec as JSON with every hyperparameter, classes, tokens of a usual row, tokens of the longest
     */
    public static void main(String[] arguments) throws InvalidProtocolBufferException {
        RunSpec.Builder spec = RunSpec.newBuilder();
        JsonFormat.parser().merge(arguments[0], spec);
        int classes = Integer.parseInt(arguments[1]);
        int usual = Integer.parseInt(arguments[2]);
        int longest = Integer.parseInt(arguments[3]);
        Plan plan = Planner.of(
                spec.getTask(),
                spec.getArchitecture(),
                classes,
                spec.getHyperparameters(),
                DataFacts.imagined(spec.getArchitecture().getVocabularySize(), usual));
        Torch.start();
        long before = ProcessMemory.resident();
        Execution execution = DeviceChoice.place(plan.execution(), plan.optimizer());
        try (Engine engine = Engine.create(plan.shape(1e-5), plan.tuning(), execution)) {
            engine.initialize(1);
            StepProbe probe = new StepProbe(plan, plan.optimizer(), engine);
            double flops = probe.flopsPerSecond(usual);
            if (longest > usual) {
                probe.step(longest);
            }
            engine.loss(probe.batch(Math.max(1, HeldOutData.MOST_BATCH_TOKENS / longest), longest));
            System.out.println(flops + " " + before + " " + ProcessMemory.peak());
        }
    }

    private double flopsPerSecond(int length) {
        long begin = System.nanoTime();
        double first = step(length);
        double measured = 0;
        int steps = 0;
        while ((steps < ENOUGH_STEPS || measured < ENOUGH_SECONDS)
                && (System.nanoTime() - begin) / 1e9 + first < MOST_SECONDS) {
            measured += step(length);
            steps++;
        }
        double seconds = steps == 0 ? first : measured / steps;
        return plan.flopsPerToken(length) * plan.hyperparameters().getBatchRows() * length / seconds;
    }

    /** Seconds of a step at a rate that changes nothing. */
    private double step(int length) {
        int rows = plan.hyperparameters().getBatchRows();
        int parts = plan.hyperparameters().getGradientAccumulationSteps();
        List<Batch> batches = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int count = (int) ((long) rows * (part + 1) / parts - (long) rows * part / parts);
            if (count > 0) {
                batches.add(batch(count, length));
            }
        }
        long start = System.nanoTime();
        engine.step(batches, 0.0, optimizer);
        return (System.nanoTime() - start) / 1e9;
    }

    private Batch batch(int rows, int length) {
        return switch (plan.task()) {
            case TASK_CLASSIFICATION -> {
                int[] last = new int[rows];
                Arrays.fill(last, length - 1);
                yield new ClassificationBatch(
                        rows,
                        length,
                        numbers(rows * length, plan.architecture().getVocabularySize()),
                        last,
                        numbers(rows, plan.classes()),
                        LabelLoss.PLAIN);
            }
            case TASK_PREFERENCE ->
                new PreferenceBatch(
                        rows,
                        length,
                        tokens(2 * rows * length),
                        tokens(2 * rows * length),
                        new double[2 * rows],
                        plan.hyperparameters().getPreferenceBeta());
            case TASK_PRETRAIN, TASK_INSTRUCTION, TASK_UNSPECIFIED, UNRECOGNIZED ->
                new LanguageBatch(rows, length, tokens(rows * length), tokens(rows * length));
        };
    }

    private int[] tokens(int count) {
        return numbers(count, plan.architecture().getVocabularySize());
    }

    private int[] numbers(int count, int limit) {
        return random.ints(count, 0, limit).toArray();
    }
}
