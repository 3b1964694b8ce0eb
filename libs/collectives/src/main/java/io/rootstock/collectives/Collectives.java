package io.rootstock.collectives;

import java.lang.foreign.MemorySegment;

/**
 * A group of processes that run collective operations. All processes of the group must make the same calls in the same
 * order with buffers of equal size: a call returns when this process has its result, and waits for the other processes.
 * All calls must be made on the thread that joined the group.
 *
 * <p>A failed operation throws a {@link CollectivesException}; the group cannot be used after that.
 */
public interface Collectives extends AutoCloseable {
    /** Rank of this process, 0 to {@link #size} - 1. */
    int rank();

    /** Number of processes in the group, at least 1. */
    int size();

    /**
     * Replaces the values of every process by their sum over all processes (all-reduce). The result is bitwise
     * identical in all processes, and deterministic for given inputs and number of processes.
     *
     * @param values a whole number of elements; for MPI in main memory off the Java heap, for NCCL in memory of its GPU
     */
    default void sum(MemorySegment values, Element element) {
        beginSum(values, element);
        finishSums();
    }

    /**
     * Starts an asynchronous {@link #sum}; several may be active. Do not access the values until {@link #finishSums}
     * returns.
     */
    void beginSum(MemorySegment values, Element element);

    /** Advances the active sums without waiting: MPI transfers bytes only during calls. */
    void advanceSums();

    /** Waits for all active sums. NCCL only makes the GPU's later work wait for them, and returns at once. */
    void finishSums();

    /**
     * Copies the bytes of one process to all others.
     *
     * @param values buffer as in {@link #sum}
     * @param root rank of the process whose bytes are copied
     */
    void broadcast(MemorySegment values, int root);

    /** Waits until every process has called it. */
    void barrier();

    /** Leaves the group. MPI waits for the other processes to leave, and this process cannot join again. */
    @Override
    void close();

    /** A group of this process alone; its operations change nothing. */
    static Collectives alone() {
        return new Alone();
    }

    /** Group of a single process: every operation is already complete. */
    record Alone() implements Collectives {
        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int size() {
            return 1;
        }

        @Override
        public void beginSum(MemorySegment values, Element element) {}

        @Override
        public void advanceSums() {}

        @Override
        public void finishSums() {}

        @Override
        public void broadcast(MemorySegment values, int root) {}

        @Override
        public void barrier() {}

        @Override
        public void close() {}
    }
}
