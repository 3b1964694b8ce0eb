package io.rootstock.torch;

import static io.rootstock.torch.StableAbi.check;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Creates libtorch's tensor objects; the caller owns the returned handle. */
final class TensorHandles {
    private TensorHandles() {}

    /** An uninitialized row-major tensor. */
    static long empty(Device device, DType type, long... sizes) {
        Torch.start();
        return NativeCall.call(arena -> {
            MemorySegment shape = shape(arena, sizes, rowMajorStrides(sizes));
            Scratch scratch = Scratch.ofThread();
            check(
                    (int) StableAbi.EMPTY.invokeExact(
                            (long) sizes.length,
                            shape.address(),
                            shape.address() + 8L * sizes.length,
                            type.code(),
                            device.type().code(),
                            device.index(),
                            scratch.result()),
                    "aoti_torch_empty_strided");
            return scratch.readResult();
        });
    }

    /** A row-major tensor of memory that libtorch does not own. */
    static long ofMemory(Device device, DType type, long address, long... sizes) {
        Torch.start();
        return NativeCall.call(arena -> {
            MemorySegment shape = shape(arena, sizes, rowMajorStrides(sizes));
            Scratch scratch = Scratch.ofThread();
            check(
                    (int) StableAbi.FROM_BLOB.invokeExact(
                            address,
                            (long) sizes.length,
                            shape.address(),
                            shape.address() + 8L * sizes.length,
                            0L,
                            type.code(),
                            device.type().code(),
                            device.index(),
                            scratch.result()),
                    "aoti_torch_create_tensor_from_blob");
            return scratch.readResult();
        });
    }

    static long undefined() {
        Torch.start();
        Scratch scratch = Scratch.ofThread();
        return NativeCall.call(() -> {
            check((int) StableAbi.NEW_UNDEFINED.invokeExact(scratch.result()), "aoti_torch_new_uninitialized_tensor");
            return scratch.readResult();
        });
    }

    /** A view of a tensor's memory; offset and strides in elements. */
    static long view(long handle, long offset, long[] sizes, long[] strides) {
        return NativeCall.call(arena -> {
            MemorySegment shape = shape(arena, sizes, strides);
            Scratch scratch = Scratch.ofThread();
            check(
                    (int) StableAbi.REINTERPRET.invokeExact(
                            handle,
                            (long) sizes.length,
                            shape.address(),
                            shape.address() + 8L * sizes.length,
                            offset,
                            scratch.result()),
                    "aoti_torch__reinterpret_tensor");
            return scratch.readResult();
        });
    }

    /** Number of elements of a shape. */
    static long elements(long[] sizes) {
        long product = 1;
        for (long size : sizes) {
            product *= size;
        }
        return product;
    }

    /** Strides of a contiguous row-major tensor, in elements. */
    static long[] rowMajorStrides(long[] sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int dimension = sizes.length - 1; dimension >= 0; dimension--) {
            strides[dimension] = stride;
            stride *= sizes[dimension];
        }
        return strides;
    }

    private static MemorySegment shape(Arena arena, long[] sizes, long[] strides) {
        MemorySegment shape = arena.allocate(16L * sizes.length + 8, 8);
        MemorySegment.copy(sizes, 0, shape, JAVA_LONG, 0, sizes.length);
        MemorySegment.copy(strides, 0, shape, JAVA_LONG, 8L * sizes.length, sizes.length);
        return shape;
    }
}
