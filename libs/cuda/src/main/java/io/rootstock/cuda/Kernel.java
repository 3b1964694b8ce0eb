package io.rootstock.cuda;

import static io.rootstock.cuda.SharedLibrary.rethrow;

import java.lang.foreign.MemorySegment;

/**
 * A kernel that has been loaded.
 *
 * @param name its name in the source
 * @param function the driver's handle
 */
public record Kernel(String name, MemorySegment function) {
    /** Puts it on a stream and returns; an error of the kernel itself shows when the stream is next waited for. */
    public void launch(Stream stream, Geometry geometry, KernelArguments room, Object... arguments) {
        try {
            int result = (int) DriverFunction.LAUNCH
                    .handle()
                    .invokeExact(
                            function,
                            geometry.gridX(),
                            geometry.gridY(),
                            1,
                            geometry.threads(),
                            1,
                            1,
                            0,
                            stream.address(),
                            room.write(arguments),
                            MemorySegment.NULL);
            DriverFunction.LAUNCH.check(result);
        } catch (CudaException e) {
            throw new CudaException(e.function(), "kernel " + name + " of " + geometry + ": " + e.getMessage());
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }
}
