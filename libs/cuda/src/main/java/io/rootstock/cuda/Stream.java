package io.rootstock.cuda;

import static io.rootstock.cuda.SharedLibrary.rethrow;
import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A queue of work on a GPU, which is done in order.
 *
 * @param address the driver's handle; libtorch's streams are the same
 */
public record Stream(MemorySegment address) implements AutoCloseable {
    private static final int NON_BLOCKING = 1; // CU_STREAM_NON_BLOCKING
    private static final int DISABLE_TIMING = 2; // CU_EVENT_DISABLE_TIMING
    private static final int THREAD_LOCAL = 1; // CU_STREAM_CAPTURE_MODE_THREAD_LOCAL

    /** A new stream of the calling thread's GPU, to be closed. */
    public static Stream create() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            DriverFunction.STREAM_CREATE.check(
                    (int) DriverFunction.STREAM_CREATE.handle().invokeExact(out, NON_BLOCKING));
            return new Stream(out.get(ADDRESS, 0));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Waits until all that was put on it is done; what went wrong on the way is thrown here. */
    public void synchronize() {
        try {
            DriverFunction.STREAM_SYNCHRONIZE.check(
                    (int) DriverFunction.STREAM_SYNCHRONIZE.handle().invokeExact(address));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** What is put on this stream from now on begins when all that is on the other by now is done. The host does not wait. */
    public void waitFor(Stream other) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            DriverFunction.EVENT_CREATE.check(
                    (int) DriverFunction.EVENT_CREATE.handle().invokeExact(out, DISABLE_TIMING));
            MemorySegment event = out.get(ADDRESS, 0);
            try {
                DriverFunction.EVENT_RECORD.check(
                        (int) DriverFunction.EVENT_RECORD.handle().invokeExact(event, other.address));
                DriverFunction.STREAM_WAIT.check(
                        (int) DriverFunction.STREAM_WAIT.handle().invokeExact(address, event, 0));
            } finally {
                // the driver keeps what still waits for it
                DriverFunction.EVENT_DESTROY.check(
                        (int) DriverFunction.EVENT_DESTROY.handle().invokeExact(event));
            }
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Copies from pinned memory to the GPU's; the source must keep its bytes until that is done. */
    public void copyToDevice(long to, MemorySegment from) {
        try {
            DriverFunction.COPY_TO_DEVICE.check(
                    (int) DriverFunction.COPY_TO_DEVICE.handle().invokeExact(to, from, from.byteSize(), address));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * Takes down what work puts on this stream, none of which is done then, as a graph that can be launched at will.
     *
     * @param work by this thread; may neither wait for the stream nor allocate the GPU's memory
     */
    public Graph capture(Runnable work) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            DriverFunction.CAPTURE_BEGIN.check(
                    (int) DriverFunction.CAPTURE_BEGIN.handle().invokeExact(address, THREAD_LOCAL));
            try {
                work.run();
            } catch (RuntimeException e) {
                int _ = (int) DriverFunction.CAPTURE_END.handle().invokeExact(address, out); // or nothing runs any more
                throw e;
            }
            DriverFunction.CAPTURE_END.check(
                    (int) DriverFunction.CAPTURE_END.handle().invokeExact(address, out));
            return Graph.of(out.get(ADDRESS, 0));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    @Override
    public void close() {
        try {
            DriverFunction.STREAM_DESTROY.check(
                    (int) DriverFunction.STREAM_DESTROY.handle().invokeExact(address));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }
}
