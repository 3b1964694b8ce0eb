package io.rootstock.trainer.estimate;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.plan.Plan;
import io.rootstock.trainer.plan.TuningRule;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Speed and memory of a plan's training on this machine, measured for each shape by a {@link StepProbe} process and
 * cached in a file. A finished run replaces the speed by its own.
 */
public final class StepProbes {
    private static final int SAMPLED_STEPS = 16;

    private final RememberedFigures<Probe> figures;
    private final JavaWorkerLauncher launcher;

    /**
     * Result of a probe.
     *
     * @param flopsPerSecond FLOP/s reached if no other process uses the CPUs
     * @param runtimeBytes resident memory of the process before training
     * @param peakBytes peak resident memory of the process
     */
    public record Probe(double flopsPerSecond, long runtimeBytes, long peakBytes) {}

    /**
     * Caches measurements in a file.
     *
     * @param file cache file; created by the first probe
     */
    public StepProbes(Path file, JavaWorkerLauncher launcher) {
        this.figures = new RememberedFigures<>(file, Probe.class);
        this.launcher = launcher;
    }

    /**
     * Returns the measurement of a plan. Empty if the probe fails, for example for lack of memory, if the plan has
     * several ranks, or if the base's weights stay quantized, because the probe is one process without the base's file.
     */
    public Optional<Probe> of(Machine machine, Plan plan, DataFacts data) {
        if (plan.hyperparameters().getRanks() > 1
                || TuningRule.quantizedBase(plan.hyperparameters().getLora())) {
            return Optional.empty();
        }
        List<String> arguments = arguments(plan, data);
        try {
            return Optional.of(figures.get(
                    machine.name() + " " + arguments, () -> parsed(ProbeProcess.words(launcher, program(arguments)))));
        } catch (IllegalStateException cannot) {
            return Optional.empty();
        }
    }

    /** Returns the cached measurement of a plan, if any. */
    public Optional<Probe> known(Machine machine, Plan plan, DataFacts data) {
        return figures.known(machine.name() + " " + arguments(plan, data));
    }

    /**
     * Replaces the speed of a cached measurement by the speed of a finished run.
     *
     * @param flopsPerSecond FLOP/s reached while no other process used the CPUs
     */
    public void learn(Machine machine, Plan plan, DataFacts data, double flopsPerSecond) {
        String name = machine.name() + " " + arguments(plan, data);
        figures.known(name)
                .map(known -> new Probe(flopsPerSecond, known.runtimeBytes(), known.peakBytes()))
                .ifPresent(probe -> figures.put(name, new Measurement<>(probe, 1, System.currentTimeMillis())));
    }

    private static List<String> arguments(Plan plan, DataFacts data) {
        return List.of(
                spec(plan),
                Integer.toString(plan.classes()),
                steps(plan, data).map(StepProbes::runs).collect(Collectors.joining(";")));
    }

    /** Row lengths of several steps and of a large step. */
    private static Stream<int[]> steps(Plan plan, DataFacts data) {
        int rows = plan.hyperparameters().getBatchRows();
        if (plan.task() == Task.TASK_PRETRAIN) {
            int[] lengths = new int[rows];
            Arrays.fill(lengths, plan.architecture().getContextLength());
            return Stream.of(lengths);
        }
        return Stream.concat(data.someSteps(rows).stream().limit(SAMPLED_STEPS), Stream.of(data.largestStep(rows)));
    }

    /** Run-length encodes lengths: {@code 3x17,1x20} is three rows of 17 tokens and one of 20. */
    private static String runs(int[] lengths) {
        Map<Integer, Long> counts = Arrays.stream(lengths)
                .boxed()
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(run -> run.getValue() + "x" + run.getKey())
                .collect(Collectors.joining(","));
    }

    /** Decodes the row lengths of steps encoded by {@link #runs}. */
    static List<int[]> steps(String encoded) {
        return Arrays.stream(encoded.split(";", -1)).map(StepProbes::lengths).toList();
    }

    private static int[] lengths(String runs) {
        return Arrays.stream(runs.split(",", -1))
                .flatMapToInt(run -> {
                    String[] parts = run.split("x", -1);
                    return IntStream.generate(() -> Integer.parseInt(parts[1])).limit(Long.parseLong(parts[0]));
                })
                .toArray();
    }

    private static List<String> program(List<String> arguments) {
        return Stream.concat(Stream.of(StepProbe.class.getName()), arguments.stream())
                .toList();
    }

    private static Measurement<Probe> parsed(List<String> words) {
        Probe probe =
                new Probe(Double.parseDouble(words.get(0)), Long.parseLong(words.get(1)), Long.parseLong(words.get(2)));
        return new Measurement<>(probe, Double.parseDouble(words.get(3)), System.currentTimeMillis());
    }

    /**
     * Returns the settings that affect the speed and memory of a step, as JSON. Excludes the number of steps, so that a
     * longer run reuses the measurement.
     */
    private static String spec(Plan plan) {
        Hyperparameters.Builder kept = plan.hyperparameters().toBuilder()
                .clearEpochs()
                .clearSeconds()
                .clearSeed()
                .clearValidationInterval()
                .clearCheckpointInterval()
                .clearCheckpointsKept()
                .clearPatience()
                .clearSpikeThreshold()
                .clearClassWeights()
                .clearClassWeighting()
                .clearLabelSmoothing()
                .clearTokenReplacement()
                .setLearningRate(1.0)
                .setWarmupFraction(0.0)
                .setDecayFraction(0.0)
                .setTokens(1);
        try {
            return JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .print(RunSpec.newBuilder()
                            .setTask(plan.task())
                            .setArchitecture(plan.architecture())
                            .setHyperparameters(kept));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("every plan has a JSON form", e);
        }
    }
}
