package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.MemorySegment;

/**
 * Memory of the calling thread's GPU, which the CPU cannot access.
 *
 * @param address device pointer
 * @param bytes size in bytes
 */
public record DeviceMemory(long address, long bytes) implements AutoCloseable {
    /** Allocates uninitialized memory of this many bytes. */
    public static DeviceMemory allocate(long bytes) {
        return NativeCall.call(arena -> {
            MemorySegment out = arena.allocate(JAVA_LONG);
            DriverFunction.ALLOCATE.check((int) DriverFunction.ALLOCATE.handle().invokeExact(out, bytes));
            return new DeviceMemory(out.get(JAVA_LONG, 0), bytes);
        });
    }

    @Override
    public void close() {
        NativeCall.run(() -> {
            DriverFunction.FREE.check((int) DriverFunction.FREE.handle().invokeExact(address));
        });
    }
}
