package io.rootstock.collectives;

import java.lang.foreign.MemorySegment;

/**
 * A group of processes that compute together, seen from one of them. Every process of the group must make the same calls
 * in the same order with buffers of the same size: a call returns when this process has its result, and waits for those
 * that have not come yet. All calls come from the thread that joined the group.
 *
 * <p>An operation that fails throws a {@link CollectivesException}; the group is of no more use then.
 */
public interface Collectives extends AutoCloseable {
    /** This process, 0 to {@link #size} - 1. */
    int rank();

    /** Processes in the group, at least 1. */
    int size();

    /**
     * Replaces the numbers of every process by their sum over all processes: the same bits in each, for the same inputs
     * and number of processes.
     *
     * @param values a whole number of elements, where the engine can reach them: MPI in main memory off the Java heap,
     *     NCCL in memory of its GPU
     */
    default void sum(MemorySegment values, Element element) {
        beginSum(values, element);
        finishSums();
    }

    /** Begins what {@link #sum} does. More sums may be begun; the numbers are nobody's until {@link #finishSums} returns. */
    void beginSum(MemorySegment values, Element element);

    /** Lets the sums that have begun go on, and waits for nothing: MPI moves bytes only while it is called. */
    void advanceSums();

    /** Returns when all sums that have begun are done; with NCCL at once, as what the GPU is given then waits for them. */
    void finishSums();

    /**
     * Gives every process the bytes of one.
     *
     * @param values where {@link #sum} takes them too
     * @param root the process whose bytes are taken
     */
    void broadcast(MemorySegment values, int root);

    /** Returns when every process has called it. */
    void barrier();

    /** Leaves the group. MPI waits for the other processes to leave too, and cannot be joined again by this process. */
    @Override
    void close();

    /** A group of this process alone, whose sums and broadcasts change nothing. */
    static Collectives alone() {
        return new Alone();
    }
}
