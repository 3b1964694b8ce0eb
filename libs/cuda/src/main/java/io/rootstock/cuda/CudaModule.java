package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.MemorySegment;

/** Machine code loaded into a GPU. */
public final class CudaModule implements AutoCloseable {
    private final MemorySegment module;

    private CudaModule(MemorySegment module) {
        this.module = module;
    }

    /**
     * Loads code into the calling thread's GPU.
     *
     * @param cubin output of {@link Nvrtc#compile} for exactly this architecture
     */
    public static CudaModule load(byte[] cubin) {
        return NativeCall.call(arena -> {
            MemorySegment out = arena.allocate(ADDRESS);
            MemorySegment image = arena.allocateFrom(JAVA_BYTE, cubin);
            DriverFunction.MODULE_LOAD.check(
                    (int) DriverFunction.MODULE_LOAD.handle().invokeExact(out, image));
            return new CudaModule(out.get(ADDRESS, 0));
        });
    }

    /** Returns the kernel of this name, valid until the module is closed. */
    public Kernel kernel(String name) {
        return NativeCall.call(arena -> {
            MemorySegment out = arena.allocate(ADDRESS);
            DriverFunction.MODULE_FUNCTION.check(
                    (int) DriverFunction.MODULE_FUNCTION.handle().invokeExact(out, module, arena.allocateFrom(name)));
            return new Kernel(name, out.get(ADDRESS, 0));
        });
    }

    @Override
    public void close() {
        NativeCall.run(() -> {
            DriverFunction.MODULE_UNLOAD.check(
                    (int) DriverFunction.MODULE_UNLOAD.handle().invokeExact(module));
        });
    }
}
