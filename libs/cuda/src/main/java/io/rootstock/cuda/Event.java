package io.rootstock.cuda;

import static io.rootstock.cuda.SharedLibrary.rethrow;
import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A point in a stream's work that another stream, or the host, can wait for.
 *
 * @param address the driver's handle
 */
public record Event(MemorySegment address) implements AutoCloseable {
    private static final int DISABLE_TIMING = 2; // CU_EVENT_DISABLE_TIMING: cheaper, and nobody reads the time

    /** A new event, to be closed. */
    public static Event create() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            DriverFunction.EVENT_CREATE.check(
                    (int) DriverFunction.EVENT_CREATE.handle().invokeExact(out, DISABLE_TIMING));
            return new Event(out.get(ADDRESS, 0));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Makes it the point that the stream has now come to. */
    public void record(Stream stream) {
        try {
            DriverFunction.EVENT_RECORD.check(
                    (int) DriverFunction.EVENT_RECORD.handle().invokeExact(address, stream.address()));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Waits until the stream has passed it. */
    public void synchronize() {
        try {
            DriverFunction.EVENT_SYNCHRONIZE.check(
                    (int) DriverFunction.EVENT_SYNCHRONIZE.handle().invokeExact(address));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    @Override
    public void close() {
        try {
            DriverFunction.EVENT_DESTROY.check(
                    (int) DriverFunction.EVENT_DESTROY.handle().invokeExact(address));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }
}
