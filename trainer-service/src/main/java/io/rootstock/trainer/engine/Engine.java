package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.torch.Torch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/**
 * A Llama decoder in training. Each thread is a replica with a part of every batch's rows; their gradients are summed in
 * a fixed order, so that the same calls with the same number of threads give the same bits. One caller at a time.
 */
public final class Engine implements AutoCloseable {
    private static final double DEVIATION = 0.02;

    /** Longer rows' attention scores would not fit the cache, and would fill the memory with their square. */
    private static final int LONGEST_WITH_SCORES = 512;

    private final ModelShape shape;
    private final ParameterLayout layout;
    private final ReplicaThreads threads;
    private final FlatBuffers buffers;
    private final ModelTensors weights;
    private final RotaryTable rotary;
    private final Llama model;
    private final List<ModelTensors> gradients;
    private final DType wide;
    private final Arena lifetime = Arena.ofShared();
    private long optimizerStep;

    Engine(ModelShape shape, DType wide, DType product, boolean vectorKernels, int threadCount) {
        Torch.start();
        this.shape = shape;
        this.wide = wide;
        this.layout = new ParameterLayout(shape);
        this.threads = new ReplicaThreads(threadCount);
        this.buffers = new FlatBuffers(layout, wide, product, threadCount);
        this.weights = ModelTensors.of(shape, layout, buffers.master, buffers.productWeights);
        this.rotary = RotaryTable.of(shape, wide);
        Kernels kernels = vectorKernels
                ? new VectorKernels(shape, product, rotary)
                : new AtenKernels(shape, wide, product, rotary);
        Attention attention = product == DType.BFLOAT16 && vectorKernels && shape.contextLength() <= LONGEST_WITH_SCORES
                ? new ScoreAttention(shape, product, rotary)
                : new FlashAttention(shape, kernels);
        this.model = new Llama(shape, weights, kernels, attention, wide, product);
        this.gradients = buffers.gradients.stream()
                .map(flat -> ModelTensors.of(shape, layout, flat, flat))
                .toList();
    }

    /** A model of this shape whose weights are all zero; {@link #initialize} or fill {@link #parameters()}. */
    public static Engine create(ModelShape shape, Precision precision, int threads) {
        return switch (precision) {
            case FLOAT64 -> new Engine(shape, DType.FLOAT64, DType.FLOAT64, false, threads);
            case FLOAT32 -> new Engine(shape, DType.FLOAT32, DType.FLOAT32, true, threads);
            case BFLOAT16 -> new Engine(shape, DType.FLOAT32, DType.BFLOAT16, true, threads);
        };
    }

    /** The model's shape. */
    public ModelShape shape() {
        return shape;
    }

    /**
     * Random weights: normal with deviation 0.02, projections back into the residual stream divided by sqrt(2 layers)
     * (Radford et al. 2019), norm gains 1. The same seed gives the same weights.
     */
    public void initialize(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (ParameterLayout.Place place : layout.places()) {
            boolean gain = place.shape().length == 1;
            boolean backIntoStream =
                    place.name().endsWith("o_proj.weight") || place.name().endsWith("down_proj.weight");
            double deviation = backIntoStream ? DEVIATION / Math.sqrt(2.0 * shape.layers()) : DEVIATION;
            for (long index = place.offset(); index < place.offset() + place.elements(); index++) {
                set(buffers.master.memory(), index, gain ? 1 : deviation * random.nextGaussian());
            }
        }
        weightsChanged();
    }

    /** Every parameter, under its Hugging Face name. */
    public List<ParameterView> parameters() {
        MemorySegment master = masterWeights();
        long bytes = wide.bytes();
        return layout.places().stream()
                .map(place -> new ParameterView(
                        place.name(),
                        place.shape().clone(),
                        master.asSlice(place.offset() * bytes, place.elements() * bytes)))
                .toList();
    }

    /** All master weights, in the order of {@link #parameters()}: float32, or float64 under {@link Precision#FLOAT64}. */
    public MemorySegment masterWeights() {
        return living(buffers.master);
    }

    /** AdamW's first moments, one for each master weight. */
    public MemorySegment firstMoment() {
        return living(buffers.firstMoment);
    }

    /** AdamW's second moments, one for each master weight. */
    public MemorySegment secondMoment() {
        return living(buffers.secondMoment);
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

    /** To be called after the master weights were written from outside. */
    public void weightsChanged() {
        buffers.refreshProductWeights(threads);
    }

    /**
     * One AdamW update by the mean gradient over all loss tokens of all micro-batches, so that the result does not
     * depend on how rows are divided among micro-batches. If loss or gradient are not finite nothing is updated; without
     * any loss token neither.
     */
    public StepResult step(List<Batch> microBatches, double learningRate, OptimizerSettings settings) {
        StepResult result = gradient(microBatches);
        if (result.finite() && result.lossTokens() > 0) {
            double divisor = Math.max(1, result.gradientNorm() / settings.gradientClip());
            optimizerStep++;
            buffers.update(threads, optimizerStep, learningRate, settings, divisor);
        }
        return result;
    }

    /** Loss and mean gradient over all loss tokens of all micro-batches, without an update; see {@link #lastGradient}. */
    public StepResult gradient(List<Batch> microBatches) {
        long lossTokens = 0;
        for (Batch batch : microBatches) {
            check(batch);
            lossTokens += batch.lossTokens();
        }
        buffers.clearGradients(threads);
        if (lossTokens == 0) {
            return new StepResult(0, 0, 0);
        }
        double scale = 1.0 / lossTokens;
        List<List<Part>> work = new ArrayList<>();
        for (int replica = 0; replica < threads.count(); replica++) {
            work.add(new ArrayList<>());
        }
        for (Batch batch : microBatches) {
            List<Part> parts = Part.split(batch, threads.count());
            for (int part = 0; part < parts.size(); part++) {
                work.get(part).add(parts.get(part));
            }
        }
        List<Callable<Double>> tasks = new ArrayList<>();
        for (int replica = 0; replica < work.size(); replica++) {
            List<Part> parts = work.get(replica);
            ModelTensors into = gradients.get(replica);
            tasks.add(() -> {
                double loss = 0;
                for (Part part : parts) {
                    loss += model.lossAndGradient(part, scale, into);
                }
                return loss;
            });
        }
        double lossSum = 0;
        for (double loss : threads.all(tasks)) {
            lossSum += loss;
        }
        double norm = Math.sqrt(buffers.sumReplicas(threads, tasks.size()));
        return new StepResult(lossSum, lossTokens, norm);
    }

    /** The gradient of the last {@link #gradient} or {@link #step}, in the order of {@link #parameters()}. */
    public double[] lastGradient() {
        return buffers.gradients.getFirst().toDoubles();
    }

    /** The loss of a batch, without gradients. */
    public LossSum loss(Batch batch) {
        check(batch);
        List<Callable<Double>> tasks = new ArrayList<>();
        for (Part part : Part.split(batch, threads.count())) {
            tasks.add(() -> model.loss(part));
        }
        double nats = 0;
        for (double loss : threads.all(tasks)) {
            nats += loss;
        }
        return new LossSum(nats, batch.lossTokens());
    }

    /** Scores of every token at every position, [B*L*V]. */
    public float[] logits(LanguageBatch batch) {
        check(batch);
        return single(() -> model.logits(Part.everyPosition(batch)));
    }

    /** Scores of every class for every row, [B*C]. */
    public float[] classLogits(ClassificationBatch batch) {
        check(batch);
        return single(() -> model.logits(Part.split(batch, 1).getFirst()));
    }

    /** Floating-point operations of forward and backward per token in sequences of this length: 6N plus attention. */
    public double flopsPerToken(int length) {
        long embeddingOnly =
                shape.tiedEmbeddings() && !shape.classifier() ? 0 : (long) shape.vocabularySize() * shape.dimension();
        double attention = 6.0 * shape.layers() * shape.dimension() * length;
        return 6.0 * (layout.matrixElements() - embeddingOnly) + attention;
    }

    @Override
    public void close() {
        threads.close();
        lifetime.close();
        weights.close();
        rotary.close();
        gradients.forEach(ModelTensors::close);
        buffers.close();
    }

    private float[] single(Callable<float[]> task) {
        return threads.all(List.of(task)).getFirst();
    }

    private MemorySegment living(Tensor tensor) {
        MemorySegment memory = tensor.memory();
        return MemorySegment.ofAddress(memory.address()).reinterpret(memory.byteSize(), lifetime, null);
    }

    private void set(MemorySegment memory, long index, double value) {
        if (wide == DType.FLOAT64) {
            memory.setAtIndex(JAVA_DOUBLE, index, value);
        } else {
            memory.setAtIndex(JAVA_FLOAT, index, (float) value);
        }
    }

    private void check(Batch batch) {
        if (batch.length() > shape.contextLength()) {
            throw new IllegalArgumentException(
                    "rows of " + batch.length() + " tokens exceed the context of " + shape.contextLength());
        }
        BatchChecks.range("tokens", batch.tokens(), shape.vocabularySize());
        switch (batch) {
            case LanguageBatch language -> {
                if (shape.classifier()) {
                    throw new IllegalArgumentException("a classifier cannot predict tokens");
                }
                for (int target : language.targets()) {
                    if (target != LanguageBatch.NO_LOSS && (target < 0 || target >= shape.vocabularySize())) {
                        throw new IllegalArgumentException("target " + target + " is not in the vocabulary");
                    }
                }
            }
            case ClassificationBatch classification -> {
                if (!shape.classifier()) {
                    throw new IllegalArgumentException("a language model cannot classify");
                }
                BatchChecks.range("labels", classification.labels(), shape.classes());
            }
        }
    }
}
