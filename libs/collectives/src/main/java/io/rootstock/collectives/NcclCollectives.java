package io.rootstock.collectives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.cuda.Stream;
import io.rootstock.panama.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Processes with one GPU each, through NCCL's C interface (version 2). A second group of the same processes, in main
 * memory, broadcasts NCCL's id from rank 0.
 *
 * <p>Sums and broadcasts have a stream of their own. A sum waits for the work already on the work stream and runs
 * concurrently with later work, until {@link #finishSums} makes the work stream wait for all sums. The host does not
 * wait. An asynchronous error is thrown by the next call, which aborts the group: operations that wait for a lost
 * process then end, and so do the streams.
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
    private static final int IN_PROGRESS = 7; // ncclInProgress, since 2.14: not an error

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

    private NcclCollectives(EngineLibrary nccl, Collectives rendezvous, Stream work) {
        this.rendezvous = rendezvous;
        this.work = work;
        allReduce = nccl.function("ncclAllReduce", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
        broadcast = nccl.function("ncclBroadcast", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
        asyncError = nccl.function("ncclCommGetAsyncError", ADDRESS, ADDRESS);
        destroy = nccl.function("ncclCommDestroy", ADDRESS);
        abort = nccl.function("ncclCommAbort", ADDRESS);
        errorString = nccl.errorText("ncclGetErrorString");
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
            throw NativeCall.rethrow(e);
        }
    }

    /**
     * Joins the group with the calling thread's GPU; waits for all of its processes.
     *
     * @param rendezvous group of the same processes in main memory; must stay open until this group is closed
     * @param work stream that computes the summands and uses the sums
     * @throws EngineMissingException if NCCL is not found
     */
    public static NcclCollectives join(Collectives rendezvous, Stream work) {
        return new NcclCollectives(EngineLibrary.open(REMEDY, "libnccl.so.2"), rendezvous, work);
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
        long count = element.count(values);
        int type = switch (element) {
            case FLOAT32 -> FLOAT32;
            case FLOAT64 -> FLOAT64;
        };
        NativeCall.run(() -> {
            checkBefore();
            sums.waitFor(work);
            check("ncclAllReduce", (int)
                    allReduce.invokeExact(values, values, count, type, SUM, communicator, sums.address()));
        });
    }

    @Override
    public void advanceSums() {}

    @Override
    public void finishSums() {
        work.waitFor(sums);
    }

    @Override
    public void broadcast(MemorySegment values, int root) {
        Element.requireOffHeap(values);
        NativeCall.run(() -> {
            checkBefore();
            sums.waitFor(work);
            check("ncclBroadcast", (int) broadcast.invokeExact(
                    values, values, values.byteSize(), UINT8, root, communicator, sums.address()));
            work.waitFor(sums);
        });
    }

    /** Waits for the processes, not for the work on their streams. */
    @Override
    public void barrier() {
        rendezvous.barrier();
    }

    /** Leaves NCCL's group; the rendezvous group stays open. */
    @Override
    public void close() {
        if (left) {
            return;
        }
        left = true;
        NativeCall.run(() -> {
            check("ncclCommDestroy", (int) destroy.invokeExact(communicator));
            sums.close();
        });
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
                int _ = (int) abort.invokeExact(communicator); // its result would hide the first error
                check("an earlier operation", earlier);
            }
        }
    }

    private void check(String operation, int code) throws Throwable {
        if (code != 0) {
            throw new CollectivesException(operation, NativeCall.string((MemorySegment) errorString.invokeExact(code)));
        }
    }
}
