package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.MemorySegment;

/**
 * A CUDA stream: a queue of work on a GPU, executed in order.
 *
 * @param address handle of the driver, which libtorch's streams use too
 */
public record Stream(MemorySegment address) implements AutoCloseable {
    private static final int NON_BLOCKING = 1; // CU_STREAM_NON_BLOCKING
    private static final int DISABLE_TIMING = 2; // CU_EVENT_DISABLE_TIMING
    private static final int THREAD_LOCAL = 1; // CU_STREAM_CAPTURE_MODE_THREAD_LOCAL

    /** Creates a stream on the calling thread's GPU; the caller closes it. */
    public static Stream create() {
        return NativeCall.call(arena -> {
            MemorySegment out = arena.allocate(ADDRESS);
            DriverFunction.STREAM_CREATE.check(
                    (int) DriverFunction.STREAM_CREATE.handle().invokeExact(out, NON_BLOCKING));
            return new Stream(out.get(ADDRESS, 0));
        });
    }

    /** Waits until all work on the stream is done; throws the errors of that work. */
    public void synchronize() {
        NativeCall.run(() -> {
            DriverFunction.STREAM_SYNCHRONIZE.check(
                    (int) DriverFunction.STREAM_SYNCHRONIZE.handle().invokeExact(address));
        });
    }

    /** Makes later work on this stream wait for the work already on the other stream. The host does not wait. */
    public void waitFor(Stream other) {
        NativeCall.run(arena -> {
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
                // the driver keeps the event until all waits for it are done
                DriverFunction.EVENT_DESTROY.check(
                        (int) DriverFunction.EVENT_DESTROY.handle().invokeExact(event));
            }
        });
    }

    /** Copies from pinned memory to the GPU's memory; the source must not change until the copy is done. */
    public void copyToDevice(long to, MemorySegment from) {
        NativeCall.run(() -> {
            DriverFunction.COPY_TO_DEVICE.check(
                    (int) DriverFunction.COPY_TO_DEVICE.handle().invokeExact(to, from, from.byteSize(), address));
        });
    }

    /**
     * Captures the work that is put on this stream, without running it, as a graph.
     *
     * @param work runs on this thread; may neither wait for the stream nor allocate GPU memory
     */
    public Graph capture(Runnable work) {
        return NativeCall.call(arena -> {
            MemorySegment out = arena.allocate(ADDRESS);
            DriverFunction.CAPTURE_BEGIN.check(
                    (int) DriverFunction.CAPTURE_BEGIN.handle().invokeExact(address, THREAD_LOCAL));
            try {
                work.run();
            } catch (RuntimeException e) {
                int _ = (int) DriverFunction.CAPTURE_END.handle().invokeExact(address, out); // ends capture mode
                throw e;
            }
            DriverFunction.CAPTURE_END.check(
                    (int) DriverFunction.CAPTURE_END.handle().invokeExact(address, out));
            return Graph.of(out.get(ADDRESS, 0));
        });
    }

    @Override
    public void close() {
        NativeCall.run(() -> {
            DriverFunction.STREAM_DESTROY.check(
                    (int) DriverFunction.STREAM_DESTROY.handle().invokeExact(address));
        });
    }
}
