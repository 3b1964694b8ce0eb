package io.rootstock.trainer.engine;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The weights of a layout as one flat tensor, and what matrix products read of them. */
final class WeightBuffer implements AutoCloseable {
    final ParameterLayout layout;
    final Tensor master;

    /** What matrix products read: the master weights themselves, or their copy in bfloat16. */
    final Tensor products;

    /** The master weights' memory, which cannot be read any more once this is closed. */
    final MemorySegment memory;

    private final Arena lifetime = Arena.ofShared();

    WeightBuffer(ParameterLayout layout, DType wide, DType product) {
        this(layout, Tensor.zeros(wide, layout.elements()), product);
    }

    private WeightBuffer(ParameterLayout layout, Tensor master, DType product) {
        this(layout, master, product == master.dtype() ? master : Tensor.zeros(product, layout.elements()));
    }

    /**
     * Weights in memory that is there already.
     *
     * @param master which the host can reach
     * @param products the same tensor, or another
     */
    WeightBuffer(ParameterLayout layout, Tensor master, Tensor products) {
        this.layout = layout;
        this.master = master;
        this.products = products;
        this.memory = living(master, lifetime);
    }

    /** A tensor's memory for as long as the arena lives. */
    static MemorySegment living(Tensor tensor, Arena lifetime) {
        MemorySegment memory = tensor.memory();
        return MemorySegment.ofAddress(memory.address()).reinterpret(memory.byteSize(), lifetime, null);
    }

    /** Rounds the master weights to the product type, where that is another. */
    void refreshProducts(ReplicaThreads threads) {
        if (products != master) {
            threads.ranges(layout.elements(), this::refreshProducts);
        }
    }

    /** The same for the values from (inclusive) to (exclusive). */
    void refreshProducts(long from, long to) {
        if (products != master && from < to) {
            try (Scope _ = Scope.open()) {
                Operators.COPY.run(products.slice(from, to - from), master.slice(from, to - from));
            }
        }
    }

    ModelTensors.Buffers views() {
        return new ModelTensors.Buffers(layout, master, products);
    }

    @Override
    public void close() {
        lifetime.close();
        master.close();
        products.close();
    }
}
