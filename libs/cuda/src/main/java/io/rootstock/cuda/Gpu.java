package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.MemorySegment;

/**
 * An NVIDIA GPU and its primary context, which libtorch uses too. A thread must call {@link #use} before it launches
 * kernels or copies memory.
 */
public final class Gpu implements AutoCloseable {
    private static final int COMPUTE_MAJOR = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
    private static final int COMPUTE_MINOR = 76;

    private final int device;
    private final MemorySegment context;

    private Gpu(int device, MemorySegment context) {
        this.device = device;
        this.context = context;
    }

    /** Number of GPUs; 0 without a driver. */
    public static int count() {
        try {
            return NativeCall.call(arena -> {
                if ((int) DriverFunction.INITIALIZE.handle().invokeExact(0) != 0) {
                    return 0; // cuInit fails without a GPU
                }
                MemorySegment count = arena.allocate(JAVA_INT);
                DriverFunction.DEVICE_COUNT.check(
                        (int) DriverFunction.DEVICE_COUNT.handle().invokeExact(count));
                return count.get(JAVA_INT, 0);
            });
        } catch (CudaMissingException e) {
            return 0;
        }
    }

    /**
     * Opens a GPU and makes its context current for the calling thread.
     *
     * @param index index among the GPUs visible to this process
     * @throws CudaMissingException if the driver or the GPU is not found
     */
    public static Gpu open(int index) {
        return NativeCall.call(arena -> {
            DriverFunction.INITIALIZE.check(
                    (int) DriverFunction.INITIALIZE.handle().invokeExact(0));
            int devices = count();
            if (index < 0 || index >= devices) {
                throw new CudaMissingException("there is no GPU " + index + " among " + devices
                        + "; CUDA_VISIBLE_DEVICES says which ones this process sees");
            }
            MemorySegment device = arena.allocate(JAVA_INT);
            DriverFunction.DEVICE.check((int) DriverFunction.DEVICE.handle().invokeExact(device, index));
            MemorySegment context = arena.allocate(ADDRESS);
            int ordinal = device.get(JAVA_INT, 0);
            DriverFunction.RETAIN_PRIMARY.check(
                    (int) DriverFunction.RETAIN_PRIMARY.handle().invokeExact(context, ordinal));
            Gpu gpu = new Gpu(ordinal, context.get(ADDRESS, 0));
            gpu.use();
            return gpu;
        });
    }

    /** Makes the GPU's context current for the calling thread. */
    public void use() {
        NativeCall.run(() -> {
            DriverFunction.SET_CURRENT.check(
                    (int) DriverFunction.SET_CURRENT.handle().invokeExact(context));
        });
    }

    /**
     * Returns a GPU's product name, without opening it.
     *
     * @param index 0 to {@link #count} - 1
     */
    public static String name(int index) {
        return NativeCall.call(arena -> {
            MemorySegment device = arena.allocate(JAVA_INT);
            DriverFunction.DEVICE.check((int) DriverFunction.DEVICE.handle().invokeExact(device, index));
            MemorySegment text = arena.allocate(256);
            DriverFunction.DEVICE_NAME.check(
                    (int) DriverFunction.DEVICE_NAME.handle().invokeExact(text, 256, device.get(JAVA_INT, 0)));
            return text.getString(0);
        });
    }

    /** Target architecture for the compiler, for example {@code sm_90}. */
    public String architecture() {
        return "sm_" + attribute(COMPUTE_MAJOR) + attribute(COMPUTE_MINOR);
    }

    private int attribute(int attribute) {
        return NativeCall.call(arena -> {
            MemorySegment value = arena.allocate(JAVA_INT);
            DriverFunction.DEVICE_ATTRIBUTE.check(
                    (int) DriverFunction.DEVICE_ATTRIBUTE.handle().invokeExact(value, attribute, device));
            return value.get(JAVA_INT, 0);
        });
    }

    @Override
    public void close() {
        NativeCall.run(() -> {
            DriverFunction.RELEASE_PRIMARY.check(
                    (int) DriverFunction.RELEASE_PRIMARY.handle().invokeExact(device));
        });
    }
}
