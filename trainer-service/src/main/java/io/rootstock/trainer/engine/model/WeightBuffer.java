package io.rootstock.trainer.engine.model;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The weights of a layout as one flat tensor, and their copy in the compute type. */
public final class WeightBuffer implements AutoCloseable {
    private final ParameterLayout layout;
    private final Tensor master;
    private final Tensor compute;
    private final MemorySegment memory;
    private final Arena lifetime = Arena.ofShared();

    /** Allocates weights, all zero. */
    public WeightBuffer(ParameterLayout layout, DType masterType, DType computeType) {
        this(layout, Tensor.zeros(masterType, layout.elements()), computeType);
    }

    private WeightBuffer(ParameterLayout layout, Tensor master, DType computeType) {
        this(layout, master, computeType == master.dtype() ? master : Tensor.zeros(computeType, layout.elements()));
    }

    /**
     * Wraps existing tensors, which are closed with this buffer.
     *
     * @param master master weights in memory that the host can access
     * @param compute weights in the compute type; the same tensor if the types are equal
     */
    public WeightBuffer(ParameterLayout layout, Tensor master, Tensor compute) {
        this.layout = layout;
        this.master = master;
        this.compute = compute;
        this.memory = memory(master, lifetime);
    }

    /** Memory of a tensor; access after the arena is closed throws instead of reading freed memory. */
    public static MemorySegment memory(Tensor tensor, Arena lifetime) {
        MemorySegment memory = tensor.memory();
        return MemorySegment.ofAddress(memory.address()).reinterpret(memory.byteSize(), lifetime, null);
    }

    /** Positions of the parameters. */
    public ParameterLayout layout() {
        return layout;
    }

    /** Master weights, flat. */
    public Tensor master() {
        return master;
    }

    /** Weights that matrix products read, flat: the master weights, or their copy in the compute type. */
    public Tensor compute() {
        return compute;
    }

    /** Memory of the master weights; inaccessible once this buffer is closed. */
    public MemorySegment memory() {
        return memory;
    }

    /** Whether the compute weights are a copy that must follow the master weights. */
    public boolean hasComputeCopy() {
        return compute != master;
    }

    /** Rounds the master weights from (inclusive) to (exclusive) into the copy, if there is one. */
    public void refreshCompute(long from, long to) {
        if (compute != master && from < to) {
            try (Scope _ = Scope.open()) {
                Operators.COPY.run(compute.slice(from, to - from), master.slice(from, to - from));
            }
        }
    }

    /** Master and compute weights for {@link ModelTensors}. */
    public ModelTensors.Buffers views() {
        return new ModelTensors.Buffers(layout, master, compute);
    }

    @Override
    public void close() {
        lifetime.close();
        master.close();
        compute.close();
    }
}
