package io.rootstock.llama;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Worker threads of the CPU backend. Several contexts may share one pool, but only one of them may decode at a time.
 * Close it after every context that it is attached to.
 */
public final class Threadpool implements AutoCloseable {
    /** Polling level of idle workers, 0 (sleep at once) to 100 (spin); llama.cpp's default. */
    private static final int POLL = 50;

    private final NativeCalls calls;
    private final int threads;
    private MemorySegment pointer;

    Threadpool(NativeCalls calls, int threads) {
        if (threads < 1 || threads > 512) {
            throw new IllegalArgumentException("threads must be 1 to 512, was " + threads);
        }
        this.calls = calls;
        this.threads = threads;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = arena.allocate(Structures.THREADPOOL_PARAMETERS);
            Structures.set(Structures.THREADPOOL_PARAMETERS, parameters, "n_threads", threads);
            Structures.set(Structures.THREADPOOL_PARAMETERS, parameters, "poll", POLL);
            pointer = calls.address(Function.THREADPOOL_NEW, parameters);
        }
        if (pointer.address() == 0) {
            throw new LlamaException("no thread pool of " + threads + " threads");
        }
    }

    /** Number of threads, the decoding thread included. */
    public int threads() {
        return threads;
    }

    MemorySegment pointer() {
        if (pointer.address() == 0) {
            throw new IllegalStateException("the thread pool is closed");
        }
        return pointer;
    }

    /** Stops the threads. */
    @Override
    public void close() {
        if (pointer.address() != 0) {
            calls.nothing(Function.THREADPOOL_FREE, pointer);
            pointer = MemorySegment.NULL;
        }
    }
}
