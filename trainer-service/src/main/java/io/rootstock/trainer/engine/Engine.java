package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.rootstock.collectives.Collectives;
import io.rootstock.collectives.Element;
import io.rootstock.torch.DType;
import io.rootstock.torch.Device;
import io.rootstock.torch.Torch;
import io.rootstock.torch.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * A Llama decoder in training. Each thread is a replica with a part of every batch's rows; their gradients are summed in
 * a fixed order, so that the same calls with the same number of threads give the same bits. One caller at a time.
 *
 * <p>Several processes can train one model together. Each is given the whole of every batch and computes the parts of its
 * own threads; {@link #step}, {@link #gradient} and {@link #loss} are then calls that all processes make together, with
 * the same result in each. Weights are nowhere exchanged: the processes start with equal ones and update them alike.
 */
public final class Engine implements AutoCloseable {
    private final ModelShape shape;
    private final Tuning tuning;
    private final boolean packed;
    private final Collectives processes;
    private final ComputeDevice device;
    private final ReplicaThreads threads;
    private final FlatBuffers buffers;
    private final List<WeightBuffer> weightBuffers;
    private final ModelWeights named;
    private final ModelTensors weights;
    private final RotaryTable rotary;
    private final Llama model;
    private final List<ModelTensors> gradients;
    private final List<Workspace> workspaces;
    private final Optional<StepGraph> graph;
    private final GradientSum sum;
    private final Arena lifetime = Arena.ofShared();
    private long optimizerStep;

    private Engine(
            ModelShape shape,
            Tuning tuning,
            Execution execution,
            Collectives processes,
            Optional<QuantizedWeights> base,
            ComputeDevice device) {
        Torch.start();
        DType wide = execution.wide();
        DType product = execution.product();
        int threadCount = execution.threads();
        this.shape = shape;
        this.tuning = tuning;
        this.packed = execution.packed();
        this.processes = processes;
        this.device = device;
        this.threads = new ReplicaThreads(device, threadCount);
        Collectives sums = device.sums(processes);
        ParameterLayout trained = ParameterLayout.trained(shape, tuning);
        Made made = single(() -> Made.of(device, shape, tuning, execution, base.isPresent()));
        this.buffers = made.buffers();
        this.weightBuffers = made.weights();
        this.named = new ModelWeights(shape, tuning, wide, weightBuffers);
        this.weights = ModelTensors.of(
                shape, tuning, weightBuffers.stream().map(WeightBuffer::views).toList(), base);
        this.rotary = made.rotary();
        ComputeDevice.Parts parts = made.parts();
        this.model =
                new Llama(shape, weights, parts.kernels(), parts.attention(), wide, product, execution.recomputation());
        this.gradients = buffers.gradients.stream()
                .map(flat -> ModelTensors.of(shape, tuning, List.of(new ModelTensors.Buffers(trained, flat, flat))))
                .toList();
        this.workspaces = Stream.generate(Workspace::new).limit(threadCount).toList();
        Element element = wide == DType.FLOAT64 ? Element.FLOAT64 : Element.FLOAT32;
        this.sum = new GradientSum(shape, trained, buffers, sums, element);
        this.graph = device.stepGraph(parts, model, gradients.getFirst(), buffers, workspaces.getFirst());
    }

    /** What lies on the device from the beginning. */
    private record Made(
            FlatBuffers buffers, List<WeightBuffer> weights, RotaryTable rotary, ComputeDevice.Parts parts) {
        static Made of(ComputeDevice device, ModelShape shape, Tuning tuning, Execution execution, boolean quantized) {
            DType wide = execution.wide();
            DType product = execution.product();
            ParameterLayout trained = ParameterLayout.trained(shape, tuning);
            ParameterLayout frozen =
                    quantized ? ParameterLayout.frozenVectors(shape, tuning) : ParameterLayout.frozen(shape, tuning);
            FlatBuffers buffers = device.buffers(trained, wide, product, execution.threads());
            List<WeightBuffer> weights = new ArrayList<>(List.of(buffers.weights));
            if (frozen.elements() > 0) {
                weights.add(device.weights(frozen, wide, product));
            }
            RotaryTable rotary = RotaryTable.of(shape, wide);
            return new Made(buffers, List.copyOf(weights), rotary, device.parts(shape, execution, rotary));
        }
    }

    /** A model of this shape that is trained whole; see {@link #create(ModelShape, Tuning, Execution)}. */
    public static Engine create(ModelShape shape, Precision precision, int threads) {
        return create(shape, precision, threads, new Tuning.Full());
    }

    /** A model with the usual kernels, of which all activations are kept. */
    public static Engine create(ModelShape shape, Precision precision, int threads, Tuning tuning) {
        return create(shape, tuning, Execution.of(precision, threads));
    }

    /** A model of this shape whose weights are all zero; {@link #initialize} or fill {@link #parameters()}. */
    public static Engine create(ModelShape shape, Tuning tuning, Execution execution) {
        return create(shape, tuning, execution, Collectives.alone());
    }

    /**
     * The same, trained by several processes together.
     *
     * @param execution of this process; the same in each
     * @param processes which they are; closed by the caller
     */
    public static Engine create(ModelShape shape, Tuning tuning, Execution execution, Collectives processes) {
        return create(shape, tuning, execution, processes, Optional.empty());
    }

    /**
     * The same beside a base whose matrices stay quantized in memory.
     *
     * @param base matrices that are frozen; {@link #parameters()} are then the model's gains and biases alone. Their memory
     *     must outlive the engine
     * @throws IllegalArgumentException if the tuning changes them, they are not the model's, or the device is a GPU
     */
    public static Engine create(
            ModelShape shape,
            Tuning tuning,
            Execution execution,
            Collectives processes,
            Optional<QuantizedWeights> base) {
        base.ifPresent(weights -> weights.requireFit(shape, tuning));
        if (base.isPresent() && execution.device().type() == Device.Type.CUDA) {
            throw new IllegalArgumentException(
                    "quantized base weights are for the CPU: set ROOTSTOCK_DEVICE=cpu, or leave"
                            + " base_weights (--base-weights) out to train beside float weights on the GPU");
        }
        return new Engine(shape, tuning, execution, processes, base, ComputeDevice.of(execution));
    }

    /** The same on a device that is there already, which is closed with it. */
    static Engine create(ModelShape shape, Tuning tuning, Execution execution, ComputeDevice device) {
        return new Engine(shape, tuning, execution, Collectives.alone(), Optional.empty(), device);
    }

    /** The model's shape. */
    public ModelShape shape() {
        return shape;
    }

    /** What of the model is trained. */
    public Tuning tuning() {
        return tuning;
    }

    /**
     * Random weights: normal with deviation 0.02, projections back into the residual stream divided by sqrt(2 layers)
     * (Radford et al. 2019), norm gains 1, biases 0. An adapter's A is uniform up to the inverse root of its width, its B is 0, so
     * that it adds nothing yet. The same seed gives the same weights.
     */
    public void initialize(long seed) {
        named.initialize(seed);
        weightsChanged();
    }

    /**
     * Every parameter of the model itself that is in floating point, trained or not, under its Hugging Face name: all but
     * the matrices of a quantized base.
     */
    public List<ParameterView> parameters() {
        return named.parameters();
    }

    /** What is trained, adapters included, in the order of {@link #masterWeights()}. */
    public List<ParameterView> trainedParameters() {
        return named.trained();
    }

    /** The adapters' matrices, named as {@code model.layers.0.self_attn.q_proj.lora_A.weight}. */
    public List<ParameterView> adapterParameters() {
        return named.adapterParameters();
    }

    /**
     * Adds the adapters to their matrices, in place, and returns {@link #parameters()}: for the export of a model whose
     * training has ended. The adapters stay as they are, so that this engine then computes with both. Not for a
     * quantized base, which stays as it is.
     */
    public List<ParameterView> mergeAdapters() {
        return single(named::merge);
    }

    /** The trained weights, in the order of {@link #trainedParameters()}: float32, or float64 under FLOAT64. */
    public MemorySegment masterWeights() {
        return buffers.weights.memory;
    }

    /** AdamW's first moments, one for each trained weight. */
    public MemorySegment firstMoment() {
        return WeightBuffer.living(buffers.firstMoment, lifetime);
    }

    /** AdamW's second moments, one for each trained weight. */
    public MemorySegment secondMoment() {
        return WeightBuffer.living(buffers.secondMoment, lifetime);
    }

    /** Updates done so far. */
    public long optimizerStep() {
        return optimizerStep;
    }

    /** Sets the updates done so far, after a checkpoint was read. */
    public void setOptimizerStep(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("optimizer step must be at least 0, was " + step);
        }
        optimizerStep = step;
    }

    /** To be called after weights were written from outside. */
    public void weightsChanged() {
        weightBuffers.forEach(buffer -> buffer.refreshProducts(threads));
    }

    /**
     * One update by the mean gradient over all loss tokens of all micro-batches, so that the result does not
     * depend on how rows are divided among micro-batches. If loss or gradient are not finite nothing is updated; without
     * any loss token neither.
     */
    public StepResult step(List<Batch> microBatches, double learningRate, OptimizerSettings settings) {
        return step(microBatches, learningRate, settings, Double.POSITIVE_INFINITY);
    }

    /**
     * The same, but a mean loss above the ceiling updates nothing.
     *
     * @param lossCeiling largest loss that is taken for part of the curve
     */
    public StepResult step(
            List<Batch> microBatches, double learningRate, OptimizerSettings settings, double lossCeiling) {
        Optional<StepGraph.Done> whole = wholeStep(microBatches, learningRate, settings, lossCeiling);
        if (whole.isPresent()) {
            optimizerStep += whole.get().updated() ? 1 : 0;
            return whole.get().result();
        }
        StepResult result = gradient(microBatches);
        if (result.finite() && result.lossTokens() > 0 && result.meanLoss() <= lossCeiling) {
            double divisor = Math.max(1, result.gradientNorm() / settings.gradientClip());
            optimizerStep++;
            buffers.update(threads, optimizerStep, learningRate, settings, divisor);
        }
        return result;
    }

    /** The step by its graph, where there is one. */
    private Optional<StepGraph.Done> wholeStep(
            List<Batch> microBatches, double learningRate, OptimizerSettings settings, double lossCeiling) {
        Targets targets = Targets.of(microBatches, shape);
        if (graph.isEmpty() || targets.count() == 0) {
            return Optional.empty();
        }
        List<Part> parts = microBatches.stream()
                .flatMap(batch -> own(Part.splitForTraining(batch, replicas(), shape, packed)).stream())
                .toList();
        if (StepShape.refusal(shape, tuning, settings, parts, processes.size()).isPresent()) {
            return Optional.empty();
        }
        return graph.get()
                .step(
                        threads,
                        new StepGraph.Work(
                                parts,
                                1 / targets.weight(),
                                targets.count(),
                                optimizerStep + 1,
                                learningRate,
                                settings,
                                lossCeiling));
    }

    /** How many targets there are, and what they weigh together. */
    private record Targets(long count, double weight) {
        static Targets of(List<Batch> batches, ModelShape shape) {
            long count = 0;
            double weight = 0;
            for (Batch batch : batches) {
                BatchChecks.fits(batch, shape);
                count += batch.lossTokens();
                weight += batch.lossWeight();
            }
            return new Targets(count, weight);
        }
    }

    /** Loss and mean gradient over all loss tokens of all micro-batches, without an update; see {@link #lastGradient}. */
    public StepResult gradient(List<Batch> microBatches) {
        Targets targets = Targets.of(microBatches, shape);
        long lossTokens = targets.count();
        double lossWeight = targets.weight();
        buffers.clearGradients(threads);
        if (lossTokens == 0) {
            return new StepResult(0, 0, 0);
        }
        double scale = 1.0 / lossWeight;
        List<List<Part>> work = new ArrayList<>();
        for (int replica = 0; replica < threads.count(); replica++) {
            work.add(new ArrayList<>());
        }
        for (Batch batch : microBatches) {
            List<Part> parts = own(Part.splitForTraining(batch, replicas(), shape, packed));
            for (int part = 0; part < parts.size(); part++) {
                work.get(part).add(parts.get(part));
            }
        }
        List<Callable<Double>> tasks = new ArrayList<>();
        for (int replica = 0; replica < work.size(); replica++) {
            List<Part> parts = work.get(replica);
            ModelTensors into = gradients.get(replica);
            int number = replica;
            tasks.add(in(workspaces.get(replica), () -> {
                try {
                    double loss = 0;
                    for (int part = 0; part < parts.size(); part++) {
                        workspaces.get(number).next();
                        IntConsumer finished =
                                part == parts.size() - 1 ? layer -> sum.finished(number, layer) : _ -> {};
                        loss += model.lossAndGradient(parts.get(part), scale, into, finished);
                    }
                    return loss;
                } finally {
                    sum.ended(number);
                }
            }));
        }
        boolean several = processes.size() > 1;
        double lossSum = 0;
        sum.begin();
        for (double loss : threads.all(tasks, several ? sum::follow : () -> {})) {
            lossSum += loss;
        }
        if (several) {
            sum.finish(threads);
            lossSum = overProcesses(lossSum);
        }
        double norm = Math.sqrt(buffers.sumReplicas(threads, several ? 1 : tasks.size()));
        return new StepResult(lossSum * (lossTokens / lossWeight), lossTokens, norm);
    }

    /** Tokens that a step of this batch computes in all replicas and processes, padding included. */
    public long processedTokens(Batch batch) {
        return Part.splitForTraining(batch, replicas(), shape, packed).stream()
                .mapToLong(Part::tokenCount)
                .sum();
    }

    /** The gradient of the last {@link #gradient} or {@link #step}, in the order of {@link #trainedParameters()}. */
    public double[] lastGradient() {
        return buffers.gradients.getFirst().toDoubles();
    }

    /** The cross-entropy of a batch's targets, each counting once, or the loss of its pairs, without gradients. */
    public LossSum loss(Batch batch) {
        BatchChecks.fits(batch, shape);
        List<Callable<Double>> tasks = new ArrayList<>();
        for (Part part : own(Part.split(batch, replicas(), shape, packed))) {
            tasks.add(evaluation(tasks.size(), () -> model.loss(part)));
        }
        double nats = 0;
        for (double loss : threads.all(tasks)) {
            nats += loss;
        }
        return new LossSum(overProcesses(nats), batch.lossTokens());
    }

    /** Log-probability of each row's answer [2P], nats, whatever the reference. */
    public double[] logProbabilities(PreferenceBatch batch) {
        BatchChecks.fits(batch, shape);
        List<Callable<double[]>> tasks = new ArrayList<>();
        for (Part part : Part.split(batch, threads.count(), shape, packed)) {
            tasks.add(evaluation(tasks.size(), () -> Pairs.logProbabilities(model.surprises(part), part)));
        }
        return threads.all(tasks).stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /** Scores of every token at every position, [B*L*V]. */
    public float[] logits(LanguageBatch batch) {
        BatchChecks.fits(batch, shape);
        return single(evaluation(0, () -> model.logits(Part.everyPosition(batch))));
    }

    /** Scores of every token at the positions that have a target, in their order [M*V]. */
    public float[] targetLogits(LanguageBatch batch) {
        BatchChecks.fits(batch, shape);
        return single(evaluation(
                0, () -> model.logits(Part.split(batch, 1, shape, packed).getFirst())));
    }

    /** Scores of every class for every row, [B*C]. */
    public float[] classLogits(ClassificationBatch batch) {
        BatchChecks.fits(batch, shape);
        return single(evaluation(
                0, () -> model.logits(Part.split(batch, 1, shape, packed).getFirst())));
    }

    /** Floating-point operations of forward and backward per token in sequences of this length. */
    public double flopsPerToken(int length) {
        return TrainingCost.flopsPerToken(shape, tuning, length);
    }

    @Override
    public void close() {
        threads.close();
        workspaces.forEach(Workspace::close);
        lifetime.close();
        weights.close();
        rotary.close();
        gradients.forEach(ModelTensors::close);
        weightBuffers.stream().skip(1).forEach(WeightBuffer::close);
        buffers.close();
        device.close();
    }

    /** Threads of all processes: as many processes with a thread each split a batch as one with as many threads. */
    private int replicas() {
        return threads.count() * processes.size();
    }

    /** Those parts of a batch that this process's threads compute. */
    private List<Part> own(List<Part> all) {
        int from = Math.min(all.size(), threads.count() * processes.rank());
        return all.subList(from, Math.min(all.size(), from + threads.count()));
    }

    private double overProcesses(double value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment sum = arena.allocateFrom(JAVA_DOUBLE, value);
            processes.sum(sum, Element.FLOAT64);
            return sum.get(JAVA_DOUBLE, 0);
        }
    }

    /** The task with its tensors in a replica's memory, unless a graph knows that by its addresses. */
    private <T> Callable<T> evaluation(int replica, Callable<T> task) {
        return graph.isPresent() ? task : in(workspaces.get(replica), task);
    }

    private static <T> Callable<T> in(Workspace workspace, Callable<T> task) {
        return () -> {
            workspace.enter();
            try {
                return task.call();
            } finally {
                workspace.leave();
            }
        };
    }

    private <T> T single(Callable<T> task) {
        return threads.all(List.of(task)).getFirst();
    }
}
