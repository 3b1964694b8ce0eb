package io.rootstock.trainer.estimate;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.rootstock.torch.Device;
import io.rootstock.torch.Torch;
import io.rootstock.trainer.data.HeldOutData;
import io.rootstock.trainer.engine.DeviceChoice;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Execution;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LabelLoss;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.MicroBatches;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.plan.Planner;
import io.rootstock.trainer.process.ProcessPriority;
import io.rootstock.trainer.v1.RunSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Measures speed and memory of a few training steps and an evaluation with a plan's exact shape on random rows. Runs in
 * a separate process, so that the process's peak memory is caused by these steps. Ends after at most 20 seconds.
 */
public final class StepProbe {
    private static final double MAX_SECONDS = 20.0;
    private static final double ENOUGH_SECONDS = 3.0;
    private static final int ENOUGH_STEPS = 4;
    /** Tiny models: a run of them is over in seconds, so that its probe must be shorter. */
    private static final int MAX_STEPS = 300;

    /** With less of the CPUs a measurement is not corrected further. */
    private static final double MIN_SHARE = 0.05;

    private final Plan plan;
    private final Optimizer.Settings optimizer;
    private final Engine engine;
    private final boolean gpu;
    private final Random random = new Random(1);

    private record Speed(double flopsPerSecond, double freeShare) {}

    private StepProbe(Plan plan, Optimizer.Settings optimizer, Engine engine, boolean gpu) {
        this.plan = plan;
        this.optimizer = optimizer;
        this.engine = engine;
        this.gpu = gpu;
    }

    /**
     * Prints a line for {@link StepProbes}: FLOP/s reached if no other process uses the CPUs, resident bytes before the
     * engine is created, peak resident bytes, share of the CPUs that other processes left.
     *
     * @param arguments spec as JSON with every hyperparameter, number of classes, row lengths of several steps in the
     *     format of {@link StepProbes}; the last step is the largest
     */
    public static void main(String[] arguments) throws InvalidProtocolBufferException {
        ProcessPriority.lower();
        RunSpec.Builder spec = RunSpec.newBuilder();
        JsonFormat.parser().merge(arguments[0], spec);
        int classes = Integer.parseInt(arguments[1]);
        List<int[]> steps = StepProbes.steps(arguments[2]);
        int[] largest = steps.getLast();
        Plan plan = Planner.of(
                spec.getTask(),
                spec.getArchitecture(),
                classes,
                spec.getHyperparameters(),
                DataFacts.hypothetical(spec.getArchitecture().getVocabularySize(), largest[0]));
        Torch.start();
        long before = ProcessMemory.resident();
        Execution execution = DeviceChoice.place(plan.execution(), plan.optimizer());
        try (Engine engine = Engine.create(plan.shape(), plan.tuning(), execution)) {
            engine.initialize(1);
            boolean gpu = execution.device().type() == Device.Type.CUDA;
            StepProbe probe = new StepProbe(plan, plan.optimizer(), engine, gpu);
            probe.step(largest);
            Speed speed = probe.speed(steps.size() == 1 ? steps : steps.subList(0, steps.size() - 1));
            int longest = largest[largest.length - 1];
            int[] evaluated = new int[Math.max(1, HeldOutData.MAX_BATCH_TOKENS / longest)];
            Arrays.fill(evaluated, longest);
            engine.loss(probe.batch(evaluated));
            System.out.println(
                    speed.flopsPerSecond + " " + before + " " + ProcessMemory.peak() + " " + speed.freeShare);
        }
    }

    /** Speed of the last half of the steps: the first steps are slower, because their code is not yet compiled. */
    private Speed speed(List<int[]> steps) {
        long begin = System.nanoTime();
        ProcessorUse before = ProcessorUse.now();
        List<Double> seconds = new ArrayList<>();
        double elapsed;
        do {
            seconds.add(step(steps.get(seconds.size() % steps.size())));
            elapsed = (System.nanoTime() - begin) / 1e9;
        } while ((seconds.size() < ENOUGH_STEPS || elapsed < ENOUGH_SECONDS)
                && seconds.size() < MAX_STEPS
                && elapsed + seconds.getLast() < MAX_SECONDS);
        double flops = 0;
        double time = 0;
        for (int index = seconds.size() / 2; index < seconds.size(); index++) {
            flops += flops(steps.get(index % steps.size()));
            time += seconds.get(index);
        }
        double free = gpu ? 1 : before.freeShareSince(plan.hyperparameters().getThreads());
        return new Speed(flops / time / Math.max(free, MIN_SHARE), free);
    }

    /** FLOPs of a step on rows of these lengths. */
    private double flops(int[] lengths) {
        long tokens = IntStream.of(lengths).asLongStream().sum();
        return plan.flopsPerToken((int) (tokens / lengths.length)) * tokens;
    }

    /** Runs a step on rows of these lengths with learning rate 0; returns its duration in seconds. */
    private double step(int[] lengths) {
        List<Batch> batches = MicroBatches.of(plan).divide(lengths).ranges().stream()
                .map(range -> batch(Arrays.copyOfRange(lengths, range.from(), range.to())))
                .toList();
        long start = System.nanoTime();
        engine.step(batches, 0.0, optimizer);
        return (System.nanoTime() - start) / 1e9;
    }

    /** Builds a batch of rows with these lengths, ascending; every token has a loss. */
    private Batch batch(int[] lengths) {
        int rows = lengths.length;
        int length = lengths[rows - 1];
        return switch (plan.task()) {
            case TASK_CLASSIFICATION ->
                new ClassificationBatch(
                        rows,
                        length,
                        tokens(rows * length),
                        IntStream.of(lengths).map(tokens -> tokens - 1).toArray(),
                        numbers(rows, plan.classes()),
                        LabelLoss.PLAIN);
            case TASK_PREFERENCE -> {
                // The length of a pair includes both texts.
                int half = Math.ceilDiv(length, 2);
                int[] halves = IntStream.of(lengths)
                        .flatMap(tokens -> IntStream.of(Math.ceilDiv(tokens, 2), Math.ceilDiv(tokens, 2)))
                        .toArray();
                yield new PreferenceBatch(
                        rows,
                        half,
                        tokens(2 * rows * half),
                        targets(halves, half),
                        new double[2 * rows],
                        plan.hyperparameters().getPreferenceBeta());
            }
            case TASK_PRETRAIN, TASK_INSTRUCTION, TASK_UNSPECIFIED, UNRECOGNIZED ->
                new LanguageBatch(rows, length, tokens(rows * length), targets(lengths, length));
        };
    }

    private int[] targets(int[] lengths, int length) {
        int[] targets = tokens(lengths.length * length);
        for (int row = 0; row < lengths.length; row++) {
            Arrays.fill(targets, row * length + lengths[row], (row + 1) * length, LanguageBatch.NO_LOSS);
        }
        return targets;
    }

    private int[] tokens(int count) {
        return numbers(count, plan.architecture().getVocabularySize());
    }

    private int[] numbers(int count, int limit) {
        return random.ints(count, 0, limit).toArray();
    }
}
