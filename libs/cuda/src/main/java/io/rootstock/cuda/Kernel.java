package io.rootstock.cuda;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.MemorySegment;

/**
 * A loaded kernel.
 *
 * @param name name in the source
 * @param function handle of the driver
 */
public record Kernel(String name, MemorySegment function) {
    /** Launches the kernel on a stream and returns; the next wait for the stream throws errors of the kernel. */
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
            throw NativeCall.rethrow(e);
        }
    }
}
