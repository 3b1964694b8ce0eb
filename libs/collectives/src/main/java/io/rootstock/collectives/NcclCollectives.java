package io.rootstock.collectives;

import static io.rootstock.collectives.SharedLibrary.rethrow;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.cuda.Stream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Processes with a GPU each, through NCCL's C interface (version 2). Another group of the same processes, in main memory,
 * brings them together: it carries NCCL's id from the first to the others.
 *
 * <p>Sums and broadcasts have a stream of their own. A sum that has begun waits for what was on the work's stream by then,
 * and goes on beside what is put on it afterwards, until {@link #finishSums} lets the work's stream wait for all of them.
 * The host waits for nothing. An error on the way shows at the next call, which leaves the group at once: what waits on
 * the GPU for a lost process then ends, and the streams with it.
 */
public final class NcclCollectives implements Collectives {
    /** {@code ncclUniqueId}, which C passes by value. */
    static final MemoryLayout UNIQUE_ID = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(128, JAVA_BYTE));

    private static final String REMEDY =
            "NCCL comes with a CUDA libtorch (pip's PyTorch has it in nvidia/nccl/lib); put"
                    + " its folder into LD_LIBRARY_PATH";
    private static final int UINT8 = 1;
    private static final int FLOAT32 = 7;
    private static final int FLOAT64 = 8;
    private static final int SUM = 0;
    private static final int IN_PROGRESS = 7; // ncclInProgress, from 2.14: no error

    private final Collectives rendezvous;
    private final Stream work;
    private final Stream sums = Stream.create();
    private final MethodHandle allReduce;
    private final MethodHandle broadcast;
    private final MethodHandle asyncError;
    private final MethodHandle destroy;
    private final MethodHandle abort;
    private final MethodHandle errorString;
    private final MemorySegment communicator;
    private boolean left;

    private NcclCollectives(SharedLibrary nccl, Collectives rendezvous, Stream work) {
        this.rendezvous = rendezvous;
        this.work = work;
        allReduce = nccl.function("ncclAllReduce", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
        broadcast = nccl.function("ncclBroadcast", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
        asyncError = nccl.function("ncclCommGetAsyncError", ADDRESS, ADDRESS);
        destroy = nccl.function("ncclCommDestroy", ADDRESS);
        abort = nccl.function("ncclCommAbort", ADDRESS);
        errorString = Linker.nativeLinker()
                .downcallHandle(
                        nccl.symbols().findOrThrow("ncclGetErrorString"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
        MethodHandle uniqueId = nccl.function("ncclGetUniqueId", ADDRESS);
        MethodHandle initialize = nccl.function("ncclCommInitRank", ADDRESS, JAVA_INT, UNIQUE_ID, JAVA_INT);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(UNIQUE_ID);
            if (rendezvous.rank() == 0) {
                check("ncclGetUniqueId", (int) uniqueId.invokeExact(id));
            }
            rendezvous.broadcast(id, 0);
            MemorySegment out = arena.allocate(ADDRESS);
            check("ncclCommInitRank", (int) initialize.invokeExact(out, rendezvous.size(), id, rendezvous.rank()));
            communicator = out.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * Joins the group with the calling thread's GPU; returns when all of its processes have come.
     *
     * @param rendezvous the same processes in main memory; stays open until this group is closed
     * @param work the stream that makes what is summed, and uses the sums
     * @throws EngineMissingException if there is no NCCL
     */
    public static NcclCollectives join(Collectives rendezvous, Stream work) {
        return new NcclCollectives(SharedLibrary.open(REMEDY, "libnccl.so.2"), rendezvous, work);
    }

    @Override
    public int rank() {
        return rendezvous.rank();
    }

    @Override
    public int size() {
        return rendezvous.size();
    }

    @Override
    public void beginSum(MemorySegment values, Element element) {
        long count = Elements.count(values, element);
        int type = switch (element) {
            case FLOAT32 -> FLOAT32;
            case FLOAT64 -> FLOAT64;
        };
        try {
            checkBefore();
            sums.waitFor(work);
            check("ncclAllReduce", (int)
                    allReduce.invokeExact(values, values, count, type, SUM, communicator, sums.address()));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    @Override
    public void advanceSums() {}

    @Override
    public void finishSums() {
        work.waitFor(sums);
    }

    @Override
    public void broadcast(MemorySegment values, int root) {
        Elements.offHeap(values);
        try {
            checkBefore();
            sums.waitFor(work);
            check("ncclBroadcast", (int) broadcast.invokeExact(
                    values, values, values.byteSize(), UINT8, root, communicator, sums.address()));
            work.waitFor(sums);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Of the processes; says nothing of what their streams have done. */
    @Override
    public void barrier() {
        rendezvous.barrier();
    }

    /** Leaves NCCL's group; the one it was brought together by stays open. */
    @Override
    public void close() {
        if (left) {
            return;
        }
        left = true;
        try {
            check("ncclCommDestroy", (int) destroy.invokeExact(communicator));
            sums.close();
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private void checkBefore() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(JAVA_INT);
            if (left) {
                throw new CollectivesException("the group", "has been left after an earlier error");
            }
            check("ncclCommGetAsyncError", (int) asyncError.invokeExact(communicator, state));
            int earlier = state.get(JAVA_INT, 0);
            if (earlier != 0 && earlier != IN_PROGRESS) {
                left = true;
                int _ = (int) abort.invokeExact(communicator); // its own error would hide the first
                check("an earlier operation", earlier);
            }
        }
    }

    private void check(String operation, int code) throws Throwable {
        if (code != 0) {
            throw new CollectivesException(
                    operation, SharedLibrary.text((MemorySegment) errorString.invokeExact(code)));
        }
    }
}
