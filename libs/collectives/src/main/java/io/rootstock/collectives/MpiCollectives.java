package io.rootstock.collectives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes started by one {@code mpiexec}, through MPICH's C interface. The constants are those of the ABI common
 * to MPICH, Intel MPI and MVAPICH (mpi.h of MPICH 3.1 to 4.3; functions ending in {@code _c} require MPI 4.0).
 */
public final class MpiCollectives implements Collectives {
    /** Install instruction for the Debian package with MPICH's library and launcher. */
    public static final String INSTALL = "Install MPICH, on Debian: apt-get install mpich";

    private static final int COMM_WORLD = 0x44000000;
    private static final int ERRORS_RETURN = 0x54000001;
    private static final int FLOAT = 0x4c00040a;
    private static final int DOUBLE = 0x4c00080b;
    private static final int BYTE = 0x4c00010d;
    private static final int ANY_SOURCE = -2;
    private static final int ANY_TAG = -1;
    private static final int SUM = 0x58000003;
    private static final MemorySegment IN_PLACE = MemorySegment.ofAddress(-1);
    private static final MemorySegment STATUSES_IGNORE = MemorySegment.ofAddress(1);
    private static final MemorySegment STATUS_IGNORE = MemorySegment.ofAddress(1);
    private static final int THREAD_FUNNELED = 1;
    private static final int MAX_ERROR_STRING = 512;
    private static final short POLLIN = 1;
    /** Hydra's variable with the file descriptor of the process's connection to its proxy. */
    private static final String PROXY_CONNECTION = "PMI_FD";
    /** Longer than a line of PMI-1. */
    private static final int MAX_PMI_LINE = 1024;

    private final MethodHandle errorString;
    private final MethodHandle allreduce;
    private final MethodHandle testAll;
    private final MethodHandle waitAll;
    private final MethodHandle broadcast;
    private final MethodHandle barrier;
    private final MethodHandle probe;
    private final MethodHandle finish;
    private final Thread thread = Thread.currentThread();
    private final int rank;
    private final int size;
    private final List<Integer> requests = new ArrayList<>(); // of active sums

    private MpiCollectives(EngineLibrary mpi) {
        errorString = mpi.function("MPI_Error_string", JAVA_INT, ADDRESS, ADDRESS);
        allreduce =
                mpi.function("MPI_Iallreduce_c", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
        testAll = mpi.function("MPI_Testall", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        waitAll = mpi.function("MPI_Waitall", JAVA_INT, ADDRESS, ADDRESS);
        broadcast = mpi.function("MPI_Bcast_c", ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT);
        barrier = mpi.function("MPI_Barrier", JAVA_INT);
        probe = mpi.function("MPI_Iprobe", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
        finish = mpi.function("MPI_Finalize");
        MethodHandle initialize = mpi.function("MPI_Init_thread", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
        MethodHandle setHandler = mpi.function("MPI_Comm_set_errhandler", JAVA_INT, JAVA_INT);
        MethodHandle commRank = mpi.function("MPI_Comm_rank", JAVA_INT, ADDRESS);
        MethodHandle commSize = mpi.function("MPI_Comm_size", JAVA_INT, ADDRESS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_INT);
            check("MPI_Init_thread", (int)
                    initialize.invokeExact(MemorySegment.NULL, MemorySegment.NULL, THREAD_FUNNELED, out));
            // the default handler ends the process without an error in Java
            check("MPI_Comm_set_errhandler", (int) setHandler.invokeExact(COMM_WORLD, ERRORS_RETURN));
            check("MPI_Comm_rank", (int) commRank.invokeExact(COMM_WORLD, out));
            rank = out.get(JAVA_INT, 0);
            check("MPI_Comm_size", (int) commSize.invokeExact(COMM_WORLD, out));
            size = out.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw NativeCall.rethrow(e);
        }
    }

    /**
     * Joins the group, once per process; waits for all of its processes.
     *
     * @param size number of started processes
     * @throws EngineMissingException if MPICH is not installed, or its mpiexec did not start these processes
     */
    public static MpiCollectives join(int size) {
        MpiCollectives joined = new MpiCollectives(EngineLibrary.open(INSTALL, "libmpich.so.12", "libmpi.so.12"));
        if (joined.size != size) {
            throw new EngineMissingException("MPICH found " + joined.size + " processes instead of " + size
                    + ": they were not started by MPICH's own mpiexec (mpiexec.hydra)");
        }
        return joined;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void beginSum(MemorySegment values, Element element) {
        onJoiningThread();
        long count = element.count(values);
        NativeCall.run(arena -> {
            MemorySegment request = arena.allocate(JAVA_INT);
            check("MPI_Iallreduce", (int)
                    allreduce.invokeExact(IN_PLACE, values, count, type(element), SUM, COMM_WORLD, request));
            requests.add(request.get(JAVA_INT, 0));
        });
    }

    @Override
    public void advanceSums() {
        onJoiningThread();
        NativeCall.run(arena -> {
            MemorySegment handles = handles(arena);
            MemorySegment done = arena.allocate(JAVA_INT);
            check("MPI_Testall", (int) testAll.invokeExact(requests.size(), handles, done, STATUSES_IGNORE));
            if (done.get(JAVA_INT, 0) != 0) {
                requests.clear();
            }
        });
    }

    @Override
    public void finishSums() {
        onJoiningThread();
        NativeCall.run(arena -> {
            check("MPI_Waitall", (int) waitAll.invokeExact(requests.size(), handles(arena), STATUSES_IGNORE));
            requests.clear();
        });
    }

    private MemorySegment handles(Arena arena) {
        return arena.allocateFrom(
                JAVA_INT, requests.stream().mapToInt(Integer::intValue).toArray());
    }

    private static int type(Element element) {
        return switch (element) {
            case FLOAT32 -> FLOAT;
            case FLOAT64 -> DOUBLE;
        };
    }

    @Override
    public void broadcast(MemorySegment values, int root) {
        onJoiningThread();
        Element.requireOffHeap(values);
        NativeCall.run(() -> {
            check("MPI_Bcast", (int) broadcast.invokeExact(values, values.byteSize(), BYTE, root, COMM_WORLD));
        });
    }

    @Override
    public void barrier() {
        onJoiningThread();
        NativeCall.run(() -> {
            check("MPI_Barrier", (int) barrier.invokeExact(COMM_WORLD));
        });
    }

    /**
     * Leaves the group, once all have come here. MPI_Finalize of MPICH 4.0 does not return in about one of 20 groups that are
     * connected by TCP: it waits for the other processes without progress of the transport, which they wait for
     * (<a href="https://github.com/pmodels/mpich/pull/6596">pmodels/mpich#6596</a>). Processes started by Hydra therefore leave by
     * its own protocol, PMI-1, and keep the transport in progress meanwhile.
     *
     * @throws CollectivesException if the group, or Hydra's proxy on this machine, has ended
     */
    @Override
    public void close() {
        onJoiningThread();
        String proxy = System.getenv(PROXY_CONNECTION);
        if (proxy == null) {
            NativeCall.run(() -> {
                check("MPI_Finalize", (int) finish.invokeExact());
            });
            return;
        }
        barrier();
        int connection = Integer.parseInt(proxy);
        request(connection, "barrier_in", "barrier_out");
        request(connection, "finalize", "finalize_ack");
    }

    /** Sends a command of PMI-1 and waits for its answer. */
    private void request(int connection, String command, String answer) {
        MethodHandle write = systemCall("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
        MethodHandle poll = systemCall("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
        MethodHandle read = systemCall("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
        NativeCall.run(arena -> {
            MemorySegment line = arena.allocateFrom("cmd=" + command + "\n");
            long length = line.byteSize() - 1;
            if ((long) write.invokeExact(connection, line, length) != length) {
                throw new CollectivesException(command, "Hydra's proxy has ended");
            }
            MemorySegment awaited = arena.allocate(JAVA_LONG); // struct pollfd
            awaited.set(JAVA_INT, 0, connection);
            awaited.set(JAVA_SHORT, JAVA_INT.byteSize(), POLLIN);
            MemorySegment found = arena.allocate(JAVA_INT);
            MemorySegment received = arena.allocate(MAX_PMI_LINE);
            StringBuilder text = new StringBuilder();
            while (text.indexOf("\n") < 0 && text.length() < MAX_PMI_LINE) {
                while ((int) poll.invokeExact(awaited, 1L, 1) != 1) { // none within 1 ms, or a signal
                    check("MPI_Iprobe", (int) probe.invokeExact(ANY_SOURCE, ANY_TAG, COMM_WORLD, found, STATUS_IGNORE));
                }
                long count = (long) read.invokeExact(connection, received, received.byteSize());
                if (count <= 0) {
                    throw new CollectivesException(command, "Hydra's proxy has ended");
                }
                byte[] bytes = received.asSlice(0, count).toArray(JAVA_BYTE);
                text.append(new String(bytes, StandardCharsets.US_ASCII));
            }
            if (!text.toString().strip().split(" ", 2)[0].equals("cmd=" + answer)) {
                throw new CollectivesException(
                        command, "Hydra answered " + text.toString().strip());
            }
        });
    }

    private static MethodHandle systemCall(String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    /** Checks the calling thread, as MPI_THREAD_FUNNELED requires. */
    private void onJoiningThread() {
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    "MPI is called from the thread that joined, " + thread + ", not from " + Thread.currentThread());
        }
    }

    private void check(String operation, int code) {
        if (code == 0) {
            return;
        }
        NativeCall.run(arena -> {
            MemorySegment text = arena.allocate(MAX_ERROR_STRING);
            MemorySegment length = arena.allocate(JAVA_INT);
            int known = (int) errorString.invokeExact(code, text, length);
            throw new CollectivesException(operation, known == 0 ? text.getString(0) : "error " + code);
        });
    }
}
