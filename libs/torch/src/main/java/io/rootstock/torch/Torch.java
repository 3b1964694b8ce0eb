package io.rootstock.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** Settings of libtorch as a whole. Every other class of this package starts it on first use. */
public final class Torch {
    private static final int M_ARENA_MAX = -8;
    private static final int M_MMAP_THRESHOLD = -3;

    /** Larger allocations are mappings of their own, which return to the system when freed. */
    private static final int LEAST_MAPPING = 128 << 10;

    private static final ThreadLocal<Device> DEVICE = ThreadLocal.withInitial(() -> Device.CPU);

    private static volatile String whyMissing;

    private Torch() {}

    /**
     * Loads libtorch, once per process. Allocation uses a single malloc arena (several cost twice the memory) and
     * OpenBLAS a single thread: its own pool fights with the OpenMP regions that libtorch calls it from.
     *
     * @throws LibtorchMissingException with what to do, if there is none that can be used
     */
    public static void start() {
        try {
            Started.touch();
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof LibtorchMissingException missing) {
                whyMissing = missing.getMessage();
                throw missing;
            }
            throw e;
        } catch (NoClassDefFoundError e) {
            // the JVM tries a class's initialisation once; every later user shall learn the reason too
            if (whyMissing != null) {
                throw new LibtorchMissingException(whyMissing);
            }
            throw e;
        }
    }

    /** Folder of the libtorch in use. */
    public static Path directory() {
        return NativeLibraries.directory();
    }

    /** Version of the stable ABI that this libtorch has, for example "2.10.0". */
    public static String version() {
        long version = StableAbi.VERSION;
        return (version >>> 56) + "." + (version >>> 48 & 0xff) + "." + (version >>> 40 & 0xff);
    }

    /** Sets how many threads an operator called by this thread may use. */
    public static void setThreads(int threads) {
        start();
        try {
            Started.OMP_THREADS.invokeExact(threads);
        } catch (Throwable e) {
            throw StableAbi.rethrow(e);
        }
    }

    /** Sets where this thread's new tensors lie that are not made of Java's numbers; at first that is main memory. */
    public static void setDevice(Device device) {
        DEVICE.set(device);
    }

    static Device device() {
        return DEVICE.get();
    }

    /**
     * Puts what this thread computes on a GPU on a stream.
     *
     * @param device a GPU
     * @param stream CUDA's handle
     */
    public static void setStream(Device device, MemorySegment stream) {
        start();
        MethodHandle set = NativeLibraries.optional("torch_set_current_cuda_stream", JAVA_INT, ADDRESS, JAVA_INT)
                .orElseThrow(() -> new LibtorchMissingException(
                        "The libtorch in " + directory()
                                + " is not one for CUDA; name such a one in ROOTSTOCK_LIBTORCH.",
                        null));
        try {
            StableAbi.check((int) set.invokeExact(stream, device.index()), "torch_set_current_cuda_stream");
        } catch (Throwable e) {
            throw StableAbi.rethrow(e);
        }
    }

    /** Whether a libtorch is named that can compute on NVIDIA's GPUs. Loads nothing. */
    public static boolean cuda() {
        return LibtorchDirectory.isNamed()
                && Files.exists(LibtorchDirectory.find().resolve("libtorch_cuda.so"));
    }

    /** Whether operators called by this thread record what autograd needs. A new thread records. */
    public static void setGradMode(boolean enabled) {
        start();
        try {
            StableAbi.GRAD_MODE.invokeExact(enabled);
        } catch (Throwable e) {
            throw StableAbi.rethrow(e);
        }
    }

    /** Loads on initialisation, so that the JVM sees to "once". */
    private static final class Started {
        static final MethodHandle OMP_THREADS;

        static {
            call("mallopt", M_ARENA_MAX, 1);
            // glibc would raise it to the largest block ever freed, up to 32 MiB: rows of changing lengths then made
            // a heap of 679 MB.
            call("mallopt", M_MMAP_THRESHOLD, LEAST_MAPPING);
            // first and outside any try, so that start() sees their failed initialisation and its cause
            Path _ = NativeLibraries.directory();
            long _ = StableAbi.VERSION;
            ErrorText.capture();
            OMP_THREADS = NativeLibraries.function("omp_set_num_threads", null, JAVA_INT);
            NativeLibraries.optional("openblas_set_num_threads", null, JAVA_INT).ifPresent(handle -> {
                try {
                    handle.invokeExact(1);
                } catch (Throwable e) {
                    throw StableAbi.rethrow(e);
                }
            });
        }

        private static void call(String name, int first, int second) {
            try {
                Object _ = Linker.nativeLinker()
                        .downcallHandle(
                                Linker.nativeLinker().defaultLookup().findOrThrow(name),
                                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT))
                        .invoke(first, second);
            } catch (Throwable e) {
                throw StableAbi.rethrow(e);
            }
        }

        static void touch() {}
    }
}
