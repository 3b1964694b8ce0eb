package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.MemorySegment;

/**
 * CUDA managed memory: the GPU and the CPU use the same address, and pages migrate on access. The CPU must wait for the
 * GPU's work before it reads.
 *
 * @param segment the memory, valid until it is closed
 */
public record ManagedMemory(MemorySegment segment) implements AutoCloseable {
    private static final int ATTACH_GLOBAL = 1; // CU_MEM_ATTACH_GLOBAL

    /** Allocates zeroed memory of this many bytes. */
    public static ManagedMemory allocate(long bytes) {
        return NativeCall.call(arena -> {
            MemorySegment out = arena.allocate(ADDRESS);
            DriverFunction.ALLOCATE_MANAGED.check(
                    (int) DriverFunction.ALLOCATE_MANAGED.handle().invokeExact(out, bytes, ATTACH_GLOBAL));
            MemorySegment segment = out.get(ADDRESS, 0).reinterpret(bytes);
            segment.fill((byte) 0);
            return new ManagedMemory(segment);
        });
    }

    @Override
    public void close() {
        NativeCall.run(() -> {
            DriverFunction.FREE.check((int) DriverFunction.FREE.handle().invokeExact(segment.address()));
        });
    }
}
