package io.rootstock.cuda;

import static io.rootstock.cuda.SharedLibrary.rethrow;
import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
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
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            DriverFunction.GRAPH_INSTANTIATE.check(
                    (int) DriverFunction.GRAPH_INSTANTIATE.handle().invokeExact(out, graph, 0L));
            return new Graph(graph, out.get(ADDRESS, 0));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Launches the graph on a stream. */
    public void launch(Stream stream) {
        try {
            DriverFunction.GRAPH_LAUNCH.check(
                    (int) DriverFunction.GRAPH_LAUNCH.handle().invokeExact(executable, stream.address()));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    @Override
    public void close() {
        try {
            DriverFunction.GRAPH_EXECUTABLE_DESTROY.check(
                    (int) DriverFunction.GRAPH_EXECUTABLE_DESTROY.handle().invokeExact(executable));
            DriverFunction.GRAPH_DESTROY.check(
                    (int) DriverFunction.GRAPH_DESTROY.handle().invokeExact(graph));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }
}
