package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * Functions of the driver's C interface in use, by exported name (cuda.h renames some by macros), with the layouts of
 * their arguments. Device pointers are 64-bit integers, as in cuda.h.
 */
@SuppressWarnings("ImmutableEnumChecker") // the handle is cached; every thread finds an equal one
enum DriverFunction {
    INITIALIZE("cuInit", JAVA_INT),
    DEVICE_COUNT("cuDeviceGetCount", ADDRESS),
    DEVICE("cuDeviceGet", ADDRESS, JAVA_INT),
    DEVICE_NAME("cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT),
    DEVICE_ATTRIBUTE("cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT),
    RETAIN_PRIMARY("cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT),
    RELEASE_PRIMARY("cuDevicePrimaryCtxRelease_v2", JAVA_INT),
    SET_CURRENT("cuCtxSetCurrent", ADDRESS),
    ALLOCATE("cuMemAlloc_v2", ADDRESS, JAVA_LONG),
    ALLOCATE_MANAGED("cuMemAllocManaged", ADDRESS, JAVA_LONG, JAVA_INT),
    FREE("cuMemFree_v2", JAVA_LONG),
    ALLOCATE_PINNED("cuMemHostAlloc", ADDRESS, JAVA_LONG, JAVA_INT),
    FREE_PINNED("cuMemFreeHost", ADDRESS),
    COPY_TO_DEVICE("cuMemcpyHtoDAsync_v2", JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS),
    MODULE_LOAD("cuModuleLoadData", ADDRESS, ADDRESS),
    MODULE_UNLOAD("cuModuleUnload", ADDRESS),
    MODULE_FUNCTION("cuModuleGetFunction", ADDRESS, ADDRESS, ADDRESS),
    LAUNCH(
            "cuLaunchKernel",
            ADDRESS,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS),
    STREAM_CREATE("cuStreamCreate", ADDRESS, JAVA_INT),
    STREAM_SYNCHRONIZE("cuStreamSynchronize", ADDRESS),
    STREAM_DESTROY("cuStreamDestroy_v2", ADDRESS),
    STREAM_WAIT("cuStreamWaitEvent", ADDRESS, ADDRESS, JAVA_INT),
    EVENT_CREATE("cuEventCreate", ADDRESS, JAVA_INT),
    EVENT_RECORD("cuEventRecord", ADDRESS, ADDRESS),
    EVENT_DESTROY("cuEventDestroy_v2", ADDRESS),
    CAPTURE_BEGIN("cuStreamBeginCapture_v2", ADDRESS, JAVA_INT),
    CAPTURE_END("cuStreamEndCapture", ADDRESS, ADDRESS),
    GRAPH_INSTANTIATE("cuGraphInstantiateWithFlags", ADDRESS, ADDRESS, JAVA_LONG),
    GRAPH_LAUNCH("cuGraphLaunch", ADDRESS, ADDRESS),
    GRAPH_EXECUTABLE_DESTROY("cuGraphExecDestroy", ADDRESS),
    GRAPH_DESTROY("cuGraphDestroy", ADDRESS),
    ERROR_TEXT("cuGetErrorString", JAVA_INT, ADDRESS);

    private static final String REMEDY = "A GPU needs NVIDIA's driver; without one, train on the CPU";

    private final String symbol;
    private final List<MemoryLayout> arguments;
    private volatile MethodHandle handle;

    DriverFunction(String symbol, MemoryLayout... arguments) {
        this.symbol = symbol;
        this.arguments = List.of(arguments);
    }

    String symbol() {
        return symbol;
    }

    List<MemoryLayout> arguments() {
        return arguments;
    }

    /** Method handle; the first call opens the driver's library. */
    MethodHandle handle() {
        MethodHandle known = handle;
        if (known == null) {
            known = CudaLibrary.open("libcuda.so.1", REMEDY).function(symbol, arguments.toArray(MemoryLayout[]::new));
            handle = known;
        }
        return known;
    }

    /** Throws a {@link CudaException} with the driver's error text if a call failed. */
    void check(int result) {
        if (result != 0) {
            throw new CudaException(symbol, text(result));
        }
    }

    private static String text(int result) {
        return NativeCall.call(arena -> {
            MemorySegment text = arena.allocate(ADDRESS);
            int unknown = (int) ERROR_TEXT.handle().invokeExact(result, text);
            return unknown == 0 ? NativeCall.string(text.get(ADDRESS, 0)) + " (" + result + ")" : "error " + result;
        });
    }
}
