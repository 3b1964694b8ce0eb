package io.rootstock.trainer.engine.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.aten.AtenAdamW;
import io.rootstock.trainer.engine.device.FlatBuffers;
import io.rootstock.trainer.engine.device.ReplicaThreads;
import io.rootstock.trainer.engine.model.ParameterLayout;
import io.rootstock.trainer.engine.model.WeightBuffer;
import io.rootstock.trainer.engine.optimizer.AdamW;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Flat buffers in main memory, float32 or float64. */
public final class CpuFlatBuffers extends FlatBuffers {
    /** Squares are summed in float64 within blocks of this many elements, and the block sums in order. */
    private static final int BLOCK = 4096;

    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    private final long elements;
    private final DType masterType;
    private final AdamW.Kernel adamw;

    /** Allocates buffers, all zero. */
    public CpuFlatBuffers(ParameterLayout layout, DType masterType, DType computeType, int replicas) {
        super(
                new WeightBuffer(layout, masterType, computeType),
                Tensor.zeros(masterType, layout.elements()),
                Tensor.zeros(masterType, layout.elements()),
                IntStream.range(0, replicas)
                        .mapToObj(_ -> Tensor.zeros(masterType, layout.elements()))
                        .toList());
        this.elements = layout.elements();
        this.masterType = masterType;
        this.adamw = masterType == DType.FLOAT32 ? new VectorAdamW() : new AtenAdamW();
    }

    @Override
    public void clearGradients(ReplicaThreads threads) {
        long bytes = masterType.bytes();
        threads.ranges(elements, (from, to) -> {
            for (Tensor gradient : gradients()) {
                gradient.memory().asSlice(from * bytes, (to - from) * bytes).fill((byte) 0);
            }
        });
    }

    @Override
    public double sumReplicas(ReplicaThreads threads, int replicas) {
        double[] squares = new double[(int) ((elements + BLOCK - 1) / BLOCK)];
        List<MemorySegment> memories = gradients().subList(0, Math.max(1, replicas)).stream()
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

    @Override
    public void sumReplicas(long from, long to) {
        List<MemorySegment> memories = gradients().stream().map(Tensor::memory).toList();
        if (memories.size() > 1) {
            double _ = sum(memories, from, to);
        }
    }

    @Override
    public void update(ReplicaThreads threads, Optimizer.Step step) {
        Optimizer.State state = state();
        Optimizer optimizer = Optimizer.of(step.settings(), adamw);
        threads.all(optimizer.matrixUpdates(state, step));
        threads.ranges(elements, (from, to) -> optimizer.updateRange(state, step, from, to));
    }

    /** Adds the other memories into the first; returns the sum of the squares of the result. */
    private double sum(List<MemorySegment> memories, long from, long to) {
        return masterType == DType.FLOAT32 ? sumFloats(memories, from, to) : sumDoubles(memories, from, to);
    }

    /** Squares are summed lane by lane in float64, then the lanes in order: the same bits interpreted and compiled. */
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
}
