package io.rootstock.cuda;

import static io.rootstock.cuda.SharedLibrary.rethrow;
import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Work that a stream took down, to be done again with one call. It reads and writes the addresses of that time: their
 * memory must live as long.
 *
 * @param graph what was taken down
 * @param executable the same, ready to be launched
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

    /** Puts all of it on a stream. */
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
