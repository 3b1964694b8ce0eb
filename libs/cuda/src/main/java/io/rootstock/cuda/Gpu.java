package io.rootstock.cuda;

import static io.rootstock.cuda.SharedLibrary.rethrow;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An NVIDIA GPU and its primary context, which is the one that libtorch works in. A thread must have called {@link #use}
 * before it launches or copies anything.
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

    /** How many there are; 0 without a driver. */
    public static int count() {
        try (Arena arena = Arena.ofConfined()) {
            if ((int) DriverFunction.INITIALIZE.handle().invokeExact(0) != 0) {
                return 0; // a driver that finds no GPU says so here
            }
            MemorySegment count = arena.allocate(JAVA_INT);
            DriverFunction.DEVICE_COUNT.check(
                    (int) DriverFunction.DEVICE_COUNT.handle().invokeExact(count));
            return count.get(JAVA_INT, 0);
        } catch (CudaMissingException e) {
            return 0;
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * Opens a GPU, whose context becomes the calling thread's.
     *
     * @param index its number among those that CUDA shows to this process
     * @throws CudaMissingException if there is no driver or no such GPU
     */
    public static Gpu open(int index) {
        try (Arena arena = Arena.ofConfined()) {
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
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Makes it the calling thread's. */
    public void use() {
        try {
            DriverFunction.SET_CURRENT.check(
                    (int) DriverFunction.SET_CURRENT.handle().invokeExact(context));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * What its maker calls a GPU, without opening it.
     *
     * @param index one of {@link #count}
     */
    public static String name(int index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment device = arena.allocate(JAVA_INT);
            DriverFunction.DEVICE.check((int) DriverFunction.DEVICE.handle().invokeExact(device, index));
            MemorySegment text = arena.allocate(256);
            DriverFunction.DEVICE_NAME.check(
                    (int) DriverFunction.DEVICE_NAME.handle().invokeExact(text, 256, device.get(JAVA_INT, 0)));
            return text.getString(0);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** What code is compiled for, for example {@code sm_90}. */
    public String architecture() {
        return "sm_" + attribute(COMPUTE_MAJOR) + attribute(COMPUTE_MINOR);
    }

    private int attribute(int attribute) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            DriverFunction.DEVICE_ATTRIBUTE.check(
                    (int) DriverFunction.DEVICE_ATTRIBUTE.handle().invokeExact(value, attribute, device));
            return value.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    @Override
    public void close() {
        try {
            DriverFunction.RELEASE_PRIMARY.check(
                    (int) DriverFunction.RELEASE_PRIMARY.handle().invokeExact(device));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }
}
