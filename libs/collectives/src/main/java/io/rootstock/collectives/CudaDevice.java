package io.rootstock.collectives;

import static io.rootstock.collectives.SharedLibrary.rethrow;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** GPUs through the driver's C interface, as far as NCCL needs them chosen. */
final class CudaDevice {
    private static final String REMEDY =
            "NCCL needs an NVIDIA GPU and its driver; without one, ranks compute on the CPU" + " and sum by MPI";

    private CudaDevice() {}

    /**
     * Makes this GPU the calling thread's. Its primary context is the one that libtorch works in.
     *
     * @throws EngineMissingException if there is no such GPU
     */
    static void use(int device) {
        SharedLibrary driver = SharedLibrary.open(REMEDY, "libcuda.so.1");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            check("cuInit", (int) driver.function("cuInit", JAVA_INT).invokeExact(0));
            check("cuDeviceGetCount", (int)
                    driver.function("cuDeviceGetCount", ADDRESS).invokeExact(count));
            int devices = count.get(JAVA_INT, 0);
            if (device < 0 || device >= devices) {
                throw new EngineMissingException("there is no GPU " + device + " among " + devices + ". " + REMEDY);
            }
            MemorySegment context = arena.allocate(ADDRESS);
            check("cuDevicePrimaryCtxRetain", (int) driver.function("cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT)
                    .invokeExact(context, device));
            check("cuCtxSetCurrent", (int)
                    driver.function("cuCtxSetCurrent", ADDRESS).invokeExact(context.get(ADDRESS, 0)));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    private static void check(String operation, int code) {
        if (code != 0) {
            throw new EngineMissingException(operation + " failed with the driver's error " + code + ". " + REMEDY);
        }
    }
}
