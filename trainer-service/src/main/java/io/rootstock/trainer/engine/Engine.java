package io.rootstock.trainer.engine;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.collectives.Collectives;
import io.rootstock.collectives.Element;
import io.rootstock.torch.DType;
import io.rootstock.torch.Device;
import io.rootstock.torch.Torch;
import io.rootstock.torch.Workspace;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.BatchLimits;
import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import io.rootstock.trainer.engine.batch.PreferencePairs;
import io.rootstock.trainer.engine.device.ComputeDevice;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.device.ReplicaThreads;
import io.rootstock.trainer.engine.device.StepRunner;
import io.rootstock.trainer.engine.model.Llama;
import io.rootstock.trainer.engine.model.ModelTensors;
import io.rootstock.trainer.engine.model.ModelWeights;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.ParameterView;
import io.rootstock.trainer.engine.model.QuantizedWeights;
import io.rootstock.trainer.engine.model.RotaryTable;
import io.rootstock.trainer.engine.model.TrainingCost;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.model.WeightBuffer;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Trains a Llama decoder. Each thread is a data-parallel replica with a shard of every batch; gradients are summed in a
 * fixed order, so that equal calls with an equal number of threads give bit-identical results. Not thread-safe.
 *
 * <p>Several processes can train one model. Each receives every batch whole and computes the shards of its own threads.
 * {@link #step}, {@link #gradient} and {@link #loss} are then collective calls, with the same result in each process.
 * Weights are not exchanged: all processes start with equal weights and apply equal updates.
 */
public final class Engine implements AutoCloseable {
    private final ModelShape shape;
    private final Tuning tuning;
    private final BatchSharding sharding;
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
    private final Optional<StepRunner> stepRunner;
    private final GradientComputation gradient;
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
        DType masterType = execution.masterType();
        int threadCount = execution.threads();
        this.shape = shape;
        this.tuning = tuning;
        this.sharding = new BatchSharding(
                threadCount, processes.rank(), processes.size(), BatchLimits.of(shape), execution.packed());
        this.device = device;
        this.threads = new ReplicaThreads(device, threadCount);
        Collectives gradientCollectives = device.gradientCollectives(processes);
        ParameterLayout trained = ParameterLayout.trained(shape, tuning);
        EngineMemory allocated =
                threads.single(() -> EngineMemory.allocate(device, shape, tuning, execution, base.isPresent()));
        this.buffers = allocated.buffers();
        this.weightBuffers = allocated.weights();
        this.named = new ModelWeights(shape, tuning, masterType, weightBuffers);
        this.weights = ModelTensors.of(
                shape, tuning, weightBuffers.stream().map(WeightBuffer::views).toList(), base);
        this.rotary = allocated.rotary();
        ComputeDevice.DeviceKernels kernels = allocated.kernels();
        this.model = new Llama(
                shape,
                weights,
                kernels.kernels(),
                kernels.attention(),
                masterType,
                execution.computeType(),
                execution.recomputation());
        this.gradients = buffers.gradients().stream()
                .map(flat -> ModelTensors.of(shape, tuning, List.of(new ModelTensors.Buffers(trained, flat, flat))))
                .toList();
        this.workspaces = Stream.generate(Workspace::new).limit(threadCount).toList();
        Element element = masterType == DType.FLOAT64 ? Element.FLOAT64 : Element.FLOAT32;
        GradientSum sum = new GradientSum(shape, trained, buffers, gradientCollectives, element);
        this.gradient =
                new GradientComputation(model, sharding, threads, buffers, gradients, workspaces, sum, processes);
        this.stepRunner =
                device.stepRunner(shape, tuning, processes.size(), model, gradients.getFirst(), workspaces.getFirst());
    }

    /** A model with full training and the default kernels; see {@link #create(ModelShape, Tuning, Execution)}. */
    public static Engine create(ModelShape shape, Precision precision, int threads) {
        return create(shape, precision, threads, new Tuning.Full());
    }

    /** A model with the default kernels and without recomputation; see {@link #create(ModelShape, Tuning, Execution)}. */
    public static Engine create(ModelShape shape, Precision precision, int threads, Tuning tuning) {
        return create(shape, tuning, Execution.of(precision, threads));
    }

    /** A model whose weights are all 0; call {@link #initialize} or write {@link #parameters()}. */
    public static Engine create(ModelShape shape, Tuning tuning, Execution execution) {
        return create(shape, tuning, execution, Collectives.alone());
    }

    /**
     * A model that several processes train together.
     *
     * @param shape hyperparameters of the model
     * @param tuning selects the trained parameters
     * @param execution execution of this process; equal in all processes
     * @param processes the group of processes; closed by the caller
     */
    public static Engine create(ModelShape shape, Tuning tuning, Execution execution, Collectives processes) {
        return create(shape, tuning, execution, processes, Optional.empty());
    }

    /**
     * A model with adapters beside a base whose matrices stay quantized in memory.
     *
     * @param shape hyperparameters of the model
     * @param tuning selects the trained parameters
     * @param execution execution of this process; equal in all processes
     * @param processes the group of processes; closed by the caller
     * @param base the frozen matrices; {@link #parameters()} then holds gains and biases alone. Their memory must outlive
     *     the engine
     * @throws IllegalArgumentException if the tuning would train these matrices, they do not fit the model, or the device
     *     is a GPU
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
        return new Engine(shape, tuning, execution, processes, base, DeviceChoice.open(execution));
    }

    /** A model on an open device, which is closed with the engine. */
    static Engine create(ModelShape shape, Tuning tuning, Execution execution, ComputeDevice device) {
        return new Engine(shape, tuning, execution, Collectives.alone(), Optional.empty(), device);
    }

    /** Hyperparameters of the model. */
    public ModelShape shape() {
        return shape;
    }

    /** Selects the trained parameters. */
    public Tuning tuning() {
        return tuning;
    }

    /**
     * Initializes the weights: normal with standard deviation 0.02, divided by sqrt(2 * layers) in the projections back
     * into the residual stream (GPT-2, Radford et al. 2019); gains 1, biases 0. An adapter's A is uniform in +-1/sqrt(in),
     * its B is 0. The same seed gives the same weights.
     */
    public void initialize(long seed) {
        named.initialize(seed);
        weightsChanged();
    }

    /**
     * Floating-point parameters of the base model, trained and frozen, by Hugging Face name: all except the matrices of a
     * quantized base.
     */
    public List<ParameterView> parameters() {
        return named.parameters();
    }

    /** Trained parameters, adapters included, in the order of {@link #masterWeights()}. */
    public List<ParameterView> trainedParameters() {
        return named.trained();
    }

    /** The adapters' matrices, with names such as {@code model.layers.0.self_attn.q_proj.lora_A.weight}. */
    public List<ParameterView> adapterParameters() {
        return named.adapterParameters();
    }

    /**
     * Adds scale * B A to the adapted matrices in place and returns {@link #parameters()}, for export after training. The
     * adapters are unchanged, so the engine must not train or evaluate afterwards. A quantized base is not changed.
     */
    public List<ParameterView> mergeAdapters() {
        return threads.single(named::merge);
    }

    /** Trained weights, flat, in the order of {@link #trainedParameters()}: float32, or float64 under FLOAT64. */
    public MemorySegment masterWeights() {
        return buffers.weights().memory();
    }

    /** First moments of the optimizer, in the order of {@link #masterWeights()}. */
    public MemorySegment firstMoment() {
        return WeightBuffer.memory(buffers.state().firstMoment(), lifetime);
    }

    /** Second moments of the optimizer, in the order of {@link #masterWeights()}. */
    public MemorySegment secondMoment() {
        return WeightBuffer.memory(buffers.state().secondMoment(), lifetime);
    }

    /** Number of updates so far. */
    public long optimizerStep() {
        return optimizerStep;
    }

    /** Sets the number of updates so far, to restore a checkpoint. */
    public void setOptimizerStep(long step) {
        if (step < 0) {
            throw new IllegalArgumentException("optimizer step must be at least 0, was " + step);
        }
        optimizerStep = step;
    }

    /** Updates the copies of the weights; call it after writing weights from outside. */
    public void weightsChanged() {
        for (WeightBuffer buffer : weightBuffers) {
            if (buffer.hasComputeCopy()) {
                threads.ranges(buffer.layout().elements(), buffer::refreshCompute);
            }
        }
    }

    /**
     * Runs one update by the mean gradient over all loss tokens of all micro-batches; the result does not depend on how
     * rows are divided among micro-batches. Nothing is updated if loss or gradient are not finite, or without loss tokens.
     */
    public StepResult step(List<Batch> microBatches, double learningRate, Optimizer.Settings settings) {
        return step(microBatches, learningRate, settings, Double.POSITIVE_INFINITY);
    }

    /**
     * Runs one update unless the mean loss exceeds a ceiling.
     *
     * @param microBatches batches whose gradients are accumulated
     * @param learningRate learning rate
     * @param settings optimizer settings
     * @param lossCeiling largest mean loss, in nats, at which the weights are updated
     */
    public StepResult step(
            List<Batch> microBatches, double learningRate, Optimizer.Settings settings, double lossCeiling) {
        GradientComputation.Targets targets = GradientComputation.Targets.of(microBatches, BatchLimits.of(shape));
        if (stepRunner.isPresent() && targets.count() > 0) {
            Optional<StepRunner.Outcome> outcome = stepRunner
                    .get()
                    .step(
                            threads,
                            new StepRunner.Work(
                                    microBatches.stream()
                                            .flatMap(batch -> sharding.training(batch).stream())
                                            .toList(),
                                    1 / targets.weight(),
                                    optimizerStep + 1,
                                    learningRate,
                                    settings,
                                    lossCeiling));
            if (outcome.isPresent()) {
                StepRunner.Outcome done = outcome.get();
                optimizerStep += done.updated() ? 1 : 0;
                return new StepResult(done.meanLoss() * targets.count(), targets.count(), done.gradientNorm());
            }
        }
        StepResult result = gradient.compute(microBatches, targets);
        if (result.finite() && result.lossTokens() > 0 && result.meanLoss() <= lossCeiling) {
            double divisor = Math.max(1, result.gradientNorm() / settings.gradientClip());
            optimizerStep++;
            buffers.update(threads, new Optimizer.Step(optimizerStep, learningRate, settings, divisor));
        }
        return result;
    }

    /** Loss and mean gradient over all loss tokens of all micro-batches, without an update; see {@link #lastGradient}. */
    public StepResult gradient(List<Batch> microBatches) {
        return gradient.compute(microBatches, GradientComputation.Targets.of(microBatches, BatchLimits.of(shape)));
    }

    /** Number of tokens that a step of this batch computes in all replicas and processes, padding included. */
    public long processedTokens(Batch batch) {
        return sharding.processedTokens(batch);
    }

    /** Gradient of the last {@link #gradient} or {@link #step}, flat, in the order of {@link #trainedParameters()}. */
    public double[] lastGradient() {
        return buffers.gradients().getFirst().toDoubles();
    }

    /** Loss of a batch without gradients: unweighted cross-entropy of the targets, or the DPO loss of the pairs. */
    public LossSum loss(Batch batch) {
        BatchLimits.of(shape).check(batch);
        List<Callable<Double>> tasks = new ArrayList<>();
        for (BatchShard shard : sharding.evaluation(batch)) {
            tasks.add(evaluation(tasks.size(), () -> model.loss(shard)));
        }
        double nats = 0;
        for (double loss : threads.all(tasks)) {
            nats += loss;
        }
        return new LossSum(gradient.overProcesses(nats), batch.lossTokens());
    }

    /** Log-probability of each row's answer under the model, in nats [2P]. */
    public double[] logProbabilities(PreferenceBatch batch) {
        BatchLimits.of(shape).check(batch);
        List<Callable<double[]>> tasks = new ArrayList<>();
        for (BatchShard shard : sharding.withinProcess(batch)) {
            tasks.add(
                    evaluation(tasks.size(), () -> PreferencePairs.logProbabilities(model.tokenLosses(shard), shard)));
        }
        return threads.all(tasks).stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /** Logits of all positions, row-major [B*L*V]. */
    public float[] logits(LanguageBatch batch) {
        BatchLimits.of(shape).check(batch);
        return threads.single(evaluation(0, () -> model.logits(BatchShard.everyPosition(batch))));
    }

    /** Logits of the positions with a target, in order, row-major [M*V]. */
    public float[] targetLogits(LanguageBatch batch) {
        BatchLimits.of(shape).check(batch);
        return threads.single(evaluation(0, () -> model.logits(sharding.singleShard(batch))));
    }

    /** Class logits of all rows, row-major [B*C]; every process computes all of them. */
    public float[] classLogits(ClassificationBatch batch) {
        BatchLimits.of(shape).check(batch);
        List<Callable<float[]>> tasks = new ArrayList<>();
        for (BatchShard shard : sharding.withinProcess(batch)) {
            tasks.add(evaluation(tasks.size(), () -> model.logits(shard)));
        }
        List<float[]> shards = threads.all(tasks);
        float[] logits =
                new float[shards.stream().mapToInt(shard -> shard.length).sum()];
        int end = 0;
        for (float[] shard : shards) {
            System.arraycopy(shard, 0, logits, end, shard.length);
            end += shard.length;
        }
        return logits;
    }

    /** Floating-point operations per token of forward and backward pass, for sequences of this length. */
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

    /** Runs a task in a replica's workspace, unless a CUDA graph refers to the memory of that workspace. */
    private <T> Callable<T> evaluation(int replica, Callable<T> task) {
        return stepRunner.isPresent() ? task : workspaces.get(replica).around(task);
    }

    /**
     * Memory that lives as long as an engine.
     *
     * @param buffers trained weights, gradients and optimizer state
     * @param weights all weights: those of {@code buffers}, then the frozen ones
     * @param rotary sines and cosines of RoPE
     * @param kernels kernels of the device
     */
    private record EngineMemory(
            FlatBuffers buffers, List<WeightBuffer> weights, RotaryTable rotary, ComputeDevice.DeviceKernels kernels) {
        static EngineMemory allocate(
                ComputeDevice device, ModelShape shape, Tuning tuning, Execution execution, boolean quantized) {
            DType masterType = execution.masterType();
            DType computeType = execution.computeType();
            ParameterLayout trained = ParameterLayout.trained(shape, tuning);
            ParameterLayout frozen =
                    quantized ? ParameterLayout.frozenVectors(shape, tuning) : ParameterLayout.frozen(shape, tuning);
            FlatBuffers buffers = device.buffers(trained, masterType, computeType, execution.threads());
            List<WeightBuffer> weights = new ArrayList<>(List.of(buffers.weights()));
            if (frozen.elements() > 0) {
                weights.add(device.weights(frozen, masterType, computeType));
            }
            RotaryTable rotary = RotaryTable.of(shape, masterType);
            ComputeDevice.DeviceKernels kernels = device.kernels(shape, masterType, computeType, rotary);
            return new EngineMemory(buffers, List.copyOf(weights), rotary, kernels);
        }
    }
}
