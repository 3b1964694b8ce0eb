package io.rootstock.trainer.engine.cuda;

import io.rootstock.cuda.DeviceMemory;
import io.rootstock.cuda.PinnedMemory;
import io.rootstock.cuda.Stream;
import io.rootstock.torch.Device;
import io.rootstock.torch.Tensor;

/**
 * Memory of one input: pinned host memory that Java fills, and the GPU memory that it is copied to.
 *
 * @param pinned host memory; refilled only after its copy is complete
 * @param onGpu GPU memory of the same size
 */
record CudaSlot(PinnedMemory pinned, DeviceMemory onGpu) implements AutoCloseable {
    /** Minimum size in bytes, so that small inputs of different sizes fit one slot. */
    private static final long MIN_BYTES = 4096;

    /** Allocates a slot of at least this many bytes, rounded up to a power of two. */
    static CudaSlot of(long bytes) {
        long size = Math.max(MIN_BYTES, Long.highestOneBit(Math.max(1, bytes - 1)) << 1);
        return new CudaSlot(PinnedMemory.allocate(size), DeviceMemory.allocate(size));
    }

    boolean fits(CudaCalls.Input input) {
        return input.values().byteSize() <= onGpu.bytes();
    }

    /** Copies an input to the pinned memory. */
    void fill(CudaCalls.Input input) {
        pinned.segment().copyFrom(input.values());
    }

    /** Enqueues the copy to the GPU and returns the input as a tensor on the GPU. */
    Tensor copy(CudaCalls.Input input, Stream stream, Device device) {
        stream.copyToDevice(
                onGpu.address(), pinned.segment().asSlice(0, input.values().byteSize()));
        return Tensor.ofMemory(device, input.type(), onGpu.address(), input.elements());
    }

    @Override
    public void close() {
        pinned.close();
        onGpu.close();
    }
}
