package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The trained weights, their gradients (one buffer per replica) and AdamW's moments, each as one flat tensor, and what is
 * done to them as wholes: summing the replicas, measuring, updating. Sums are made in a fixed order, whatever the timing.
 */
sealed class FlatBuffers implements AutoCloseable permits CudaFlatBuffers {
    /** Squares are summed in double precision within blocks of this many values, and the blocks in their order. */
    private static final int BLOCK = 4096;

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    final WeightBuffer weights;
    final Tensor firstMoment;
    final Tensor secondMoment;
    final List<Tensor> gradients;

    private final long elements;
    private final long matrixElements;
    private final DType wide;

    FlatBuffers(ParameterLayout layout, DType wide, DType product, int replicas) {
        this(
                layout,
                new WeightBuffer(layout, wide, product),
                Tensor.zeros(wide, layout.elements()),
                Tensor.zeros(wide, layout.elements()),
                IntStream.range(0, replicas)
                        .mapToObj(_ -> Tensor.zeros(wide, layout.elements()))
                        .toList());
    }

    /** Buffers that are there already, all zero; closed with this. */
    FlatBuffers(
            ParameterLayout layout,
            WeightBuffer weights,
            Tensor firstMoment,
            Tensor secondMoment,
            List<Tensor> gradients) {
        this.elements = layout.elements();
        this.matrixElements = layout.matrixElements();
        this.wide = weights.master.dtype();
        this.weights = weights;
        this.firstMoment = firstMoment;
        this.secondMoment = secondMoment;
        this.gradients = gradients;
    }

    /** Forgets the gradients of the last step. */
    void clearGradients(ReplicaThreads threads) {
        long bytes = wide.bytes();
        threads.ranges(elements, (from, to) -> {
            for (Tensor gradient : gradients) {
                gradient.memory().asSlice(from * bytes, (to - from) * bytes).fill((byte) 0);
            }
        });
    }

    /** Adds all replicas' gradients into the first's, and returns the sum of the squares of the result. */
    double sumReplicas(ReplicaThreads threads, int replicas) {
        double[] squares = new double[(int) ((elements + BLOCK - 1) / BLOCK)];
        List<MemorySegment> memories = gradients.subList(0, Math.max(1, replicas)).stream()
                .map(Tensor::memory)
                .toList();
        threads.ranges(elements, (from, to) -> {
            for (long block = from / BLOCK; block * BLOCK < to; block++) {
                long end = Math.min(to, (block + 1) * BLOCK);
                squares[(int) block] = sum(memories, block * BLOCK, end);
            }
        });
        double total = 0;
        for (double square : squares) {
            total += square;
        }
        return total;
    }

    /** Adds all replicas' gradients of this range into the first's, on the calling thread. */
    void sumReplicas(long from, long to) {
        List<MemorySegment> memories = gradients.stream().map(Tensor::memory).toList();
        if (memories.size() > 1) {
            double _ = sum(memories, from, to);
        }
    }

    /** The sum into the first, and the squares of the result. */
    private double sum(List<MemorySegment> memories, long from, long to) {
        return wide == DType.FLOAT32 ? sumFloats(memories, from, to) : sumDoubles(memories, from, to);
    }

    /** One update with the first replica's gradient divided by a number; then the product weights follow the master's. */
    void update(ReplicaThreads threads, long step, double rate, OptimizerSettings settings, double divisor) {
        long[] hidden = settings.muon().isPresent() ? weights.layout.range(Muon::updates) : new long[] {0, 0};
        settings.muon()
                .ifPresent(muon -> Muon.update(threads, this, weights.products.dtype(), rate, settings, muon, divisor));
        AdamWStep decaying = AdamWStep.of(step, rate, settings, divisor);
        threads.ranges(elements, (from, to) -> {
            long border = Math.clamp(matrixElements, from, to);
            long before = Math.clamp(hidden[0], from, border);
            long after = Math.clamp(hidden[1], before, border);
            adamw(from, before, decaying);
            weights.refreshProducts(before, after); // Muon's
            adamw(after, border, decaying);
            adamw(border, to, decaying.withoutDecay());
        });
    }

    /** In one pass, rounding included; float64 has libtorch's operator. */
    private void adamw(long from, long to, AdamWStep step) {
        if (wide == DType.FLOAT32) {
            new VectorAdamW(step).update(this, from, to);
        } else if (from < to) {
            libtorchAdamW(from, to, step);
        }
    }

    /** By libtorch's operator: for float64, and the measure of the other. */
    void libtorchAdamW(long from, long to, AdamWStep step) {
        try (Scope _ = Scope.open()) {
            Operators.ADAMW.run(
                    new Tensor[] {weights.master.slice(from, to - from)},
                    new Tensor[] {gradients.getFirst().slice(from, to - from)},
                    new Tensor[] {firstMoment.slice(from, to - from)},
                    new Tensor[] {secondMoment.slice(from, to - from)},
                    new Tensor[0],
                    new Tensor[] {Tensor.scalar(DType.FLOAT32, (double) step.number())},
                    step.rate(),
                    step.beta1(),
                    step.beta2(),
                    step.decay(),
                    step.epsilon(),
                    false,
                    false,
                    Tensor.scalar(DType.FLOAT32, step.divisor()),
                    Tensor.scalar(DType.FLOAT32, 0));
        }
        weights.refreshProducts(from, to);
    }

    /** Lane by lane in double precision, the lanes in their order at the end: the same bits, compiled or not. */
    private static double sumFloats(List<MemorySegment> memories, long from, long to) {
        long sum = memories.getFirst().address();
        long whole = to - (to - from) % Lanes.COUNT;
        for (int replica = 1; replica < memories.size(); replica++) {
            long added = memories.get(replica).address();
            for (long index = from; index < whole; index += Lanes.COUNT) {
                Lanes.store(Lanes.load(sum, index).add(Lanes.load(added, index)), sum, index);
            }
            for (long index = whole; index < to; index++) {
                Lanes.put(Lanes.get(sum, index) + Lanes.get(added, index), sum, index);
            }
        }
        DoubleVector low = DoubleVector.zero(DOUBLES);
        DoubleVector high = DoubleVector.zero(DOUBLES);
        for (long index = from; index < whole; index += Lanes.COUNT) {
            FloatVector values = Lanes.load(sum, index);
            DoubleVector first = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 0);
            DoubleVector second = (DoubleVector) values.convertShape(VectorOperators.F2D, DOUBLES, 1);
            low = first.fma(first, low);
            high = second.fma(second, high);
        }
        double squares = 0;
        for (int lane = 0; lane < DOUBLES.length(); lane++) {
            squares += low.lane(lane) + high.lane(lane);
        }
        for (long index = whole; index < to; index++) {
            double value = Lanes.get(sum, index);
            squares += value * value;
        }
        return squares;
    }

    private static double sumDoubles(List<MemorySegment> memories, long from, long to) {
        MemorySegment sum = memories.getFirst();
        double squares = 0;
        for (long index = from; index < to; index++) {
            double value = sum.getAtIndex(JAVA_DOUBLE, index);
            for (int replica = 1; replica < memories.size(); replica++) {
                value += memories.get(replica).getAtIndex(JAVA_DOUBLE, index);
            }
            sum.setAtIndex(JAVA_DOUBLE, index, value);
            squares += value * value;
        }
        return squares;
    }

    @Override
    public void close() {
        weights.close();
        firstMoment.close();
        secondMoment.close();
        gradients.forEach(Tensor::close);
    }
}
