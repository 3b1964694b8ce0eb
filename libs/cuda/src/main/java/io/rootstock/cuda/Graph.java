package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.MemorySegment;

/**
 * Captured work of a stream (CUDA graph), which one call launches again. It uses the memory addresses of its capture:
 * that memory must stay allocated.
 *
 * @param graph captured graph
 * @param executable instantiated graph
 */
public record Graph(MemorySegment graph, MemorySegment executable) implements AutoCloseable {
    static Graph of(MemorySegment graph) {
        return NativeCall.call(arena -> {
            MemorySegment out = arena.allocate(ADDRESS);
            DriverFunction.GRAPH_INSTANTIATE.check(
                    (int) DriverFunction.GRAPH_INSTANTIATE.handle().invokeExact(out, graph, 0L));
            return new Graph(graph, out.get(ADDRESS, 0));
        });
    }

    /** Launches the graph on a stream. */
    public void launch(Stream stream) {
        NativeCall.run(() -> {
            DriverFunction.GRAPH_LAUNCH.check(
                    (int) DriverFunction.GRAPH_LAUNCH.handle().invokeExact(executable, stream.address()));
        });
    }

    @Override
    public void close() {
        NativeCall.run(() -> {
            DriverFunction.GRAPH_EXECUTABLE_DESTROY.check(
                    (int) DriverFunction.GRAPH_EXECUTABLE_DESTROY.handle().invokeExact(executable));
            DriverFunction.GRAPH_DESTROY.check(
                    (int) DriverFunction.GRAPH_DESTROY.handle().invokeExact(graph));
        });
    }
}
