package io.rootstock.trainer.engine;

import io.rootstock.cuda.DeviceMemory;
import io.rootstock.cuda.PinnedMemory;
import io.rootstock.cuda.Stream;
import io.rootstock.torch.Device;
import io.rootstock.torch.Tensor;

/**
 * Room for one input: pinned memory that Java fills, and the GPU's memory that it is copied to.
 *
 * @param pinned refilled only when the copy is done
 * @param onGpu at least as large
 */
record CudaSlot(PinnedMemory pinned, DeviceMemory onGpu) implements AutoCloseable {
    /** Steps' inputs differ little in size: this many bytes fit all but the large ones. */
    private static final long LEAST_BYTES = 4096;

    static CudaSlot of(long bytes) {
        long size = Math.max(LEAST_BYTES, Long.highestOneBit(Math.max(1, bytes - 1)) << 1);
        return new CudaSlot(PinnedMemory.allocate(size), DeviceMemory.allocate(size));
    }

    boolean fits(CudaCalls.Input input) {
        return input.values().byteSize() <= onGpu.bytes();
    }

    /** Fills the pinned memory. */
    void fill(CudaCalls.Input input) {
        pinned.segment().copyFrom(input.values());
    }

    /** Puts the copy on the stream; the input as a tensor on the GPU. */
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
