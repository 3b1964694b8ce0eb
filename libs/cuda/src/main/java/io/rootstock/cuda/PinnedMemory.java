package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.MemorySegment;

/**
 * Page-locked main memory, which the GPU copies asynchronously.
 *
 * @param segment the memory, valid until it is closed
 */
public record PinnedMemory(MemorySegment segment) implements AutoCloseable {
    /** Allocates this many bytes, usable by the contexts of all GPUs. */
    public static PinnedMemory allocate(long bytes) {
        return NativeCall.call(arena -> {
            MemorySegment out = arena.allocate(ADDRESS);
            int portable = 1; // CU_MEMHOSTALLOC_PORTABLE
            DriverFunction.ALLOCATE_PINNED.check(
                    (int) DriverFunction.ALLOCATE_PINNED.handle().invokeExact(out, bytes, portable));
            return new PinnedMemory(out.get(ADDRESS, 0).reinterpret(bytes));
        });
    }

    @Override
    public void close() {
        NativeCall.run(() -> {
            DriverFunction.FREE_PINNED.check(
                    (int) DriverFunction.FREE_PINNED.handle().invokeExact(segment));
        });
    }
}
