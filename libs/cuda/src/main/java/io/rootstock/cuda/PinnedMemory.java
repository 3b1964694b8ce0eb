package io.rootstock.cuda;

import static io.rootstock.cuda.SharedLibrary.rethrow;
import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Page-locked main memory, which the GPU copies asynchronously.
 *
 * @param segment the memory, valid until it is closed
 */
public record PinnedMemory(MemorySegment segment) implements AutoCloseable {
    /** Allocates this many bytes, usable by the contexts of all GPUs. */
    public static PinnedMemory allocate(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            int portable = 1; // CU_MEMHOSTALLOC_PORTABLE
            DriverFunction.ALLOCATE_PINNED.check(
                    (int) DriverFunction.ALLOCATE_PINNED.handle().invokeExact(out, bytes, portable));
            return new PinnedMemory(out.get(ADDRESS, 0).reinterpret(bytes));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    @Override
    public void close() {
        try {
            DriverFunction.FREE_PINNED.check(
                    (int) DriverFunction.FREE_PINNED.handle().invokeExact(segment));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }
}
