package io.rootstock.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** Global settings of libtorch. Every other class of this package initializes it at first use. */
public final class Torch {
    private static final int M_ARENA_MAX = -8;
    private static final int M_MMAP_THRESHOLD = -3;

    /** Larger allocations get separate mappings, which return to the system when they are freed. */
    private static final int MIN_MAPPING = 128 << 10;

    private static final ThreadLocal<Device> DEVICE = ThreadLocal.withInitial(() -> Device.CPU);

    private static volatile String whyMissing;

    private Torch() {}

    /**
     * Loads libtorch, once per process. Allocation uses a single malloc arena (several cost twice the memory) and
     * OpenBLAS a single thread: its own pool competes with the OpenMP regions from which libtorch calls it.
     *
     * @throws LibtorchMissingException with the remedy, if no usable libtorch is found
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
            // the JVM initializes a class only once; later callers must get the reason too
            if (whyMissing != null) {
                throw new LibtorchMissingException(whyMissing);
            }
            throw e;
        }
    }

    /** Folder of the loaded libtorch. */
    public static Path directory() {
        return NativeLibraries.directory();
    }

    /** Stable ABI version of the loaded libtorch, for example "2.10.0". */
    public static String version() {
        long version = StableAbi.VERSION;
        return (version >>> 56) + "." + (version >>> 48 & 0xff) + "." + (version >>> 40 & 0xff);
    }

    /** Sets the number of threads for operators called by this thread. */
    public static void setThreads(int threads) {
        start();
        NativeCall.run(() -> {
            Started.OMP_THREADS.invokeExact(threads);
        });
    }

    /** Sets the device of this thread's new tensors, except those with values from Java; initially the CPU. */
    public static void setDevice(Device device) {
        DEVICE.set(device);
    }

    static Device device() {
        return DEVICE.get();
    }

    /**
     * Sets the stream for this thread's work on a GPU.
     *
     * @param device the GPU
     * @param stream CUDA stream handle
     */
    public static void setStream(Device device, MemorySegment stream) {
        start();
        MethodHandle set = NativeLibraries.optional("torch_set_current_cuda_stream", JAVA_INT, ADDRESS, JAVA_INT)
                .orElseThrow(() -> new LibtorchMissingException(
                        "The libtorch in " + directory()
                                + " is not one for CUDA; name such a one in ROOTSTOCK_LIBTORCH.",
                        null));
        NativeCall.run(
                () -> StableAbi.check((int) set.invokeExact(stream, device.index()), "torch_set_current_cuda_stream"));
    }

    /** Whether a configured libtorch supports NVIDIA GPUs. Loads nothing. */
    public static boolean cuda() {
        return LibtorchDirectory.isNamed()
                && Files.exists(LibtorchDirectory.find().resolve("libtorch_cuda.so"));
    }

    /** Sets whether operators called by this thread record for autograd; initially true in every thread. */
    public static void setGradMode(boolean enabled) {
        start();
        NativeCall.run(() -> {
            StableAbi.GRAD_MODE.invokeExact(enabled);
        });
    }

    /** Loads libtorch in its static initializer, so that the JVM ensures a single load. */
    private static final class Started {
        static final MethodHandle OMP_THREADS;

        static {
            call("mallopt", M_ARENA_MAX, 1);
            // glibc would raise the threshold to the largest block ever freed, up to 32 MiB: rows of varying lengths
            // then caused a heap of 679 MB.
            call("mallopt", M_MMAP_THRESHOLD, MIN_MAPPING);
            // first and outside of any try block, so that start() gets the failed initialization and its cause
            Path _ = NativeLibraries.directory();
            long _ = StableAbi.VERSION;
            ErrorText.capture();
            OMP_THREADS = NativeLibraries.function("omp_set_num_threads", null, JAVA_INT);
            NativeLibraries.optional("openblas_set_num_threads", null, JAVA_INT).ifPresent(handle -> {
                NativeCall.run(() -> {
                    handle.invokeExact(1);
                });
            });
        }

        private static void call(String name, int first, int second) {
            NativeCall.run(() -> {
                Object _ = Linker.nativeLinker()
                        .downcallHandle(
                                Linker.nativeLinker().defaultLookup().findOrThrow(name),
                                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT))
                        .invoke(first, second);
            });
        }

        static void touch() {}
    }
}
