package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;

/** NVIDIA's compiler library. It needs neither a GPU nor a driver, and only its own two library files. */
public final class Nvrtc {
    private static final String LIBRARY = "libnvrtc";
    private static final String REMEDY =
            "NVRTC comes with a CUDA libtorch (pip's PyTorch has it in nvidia/*/lib) and with the CUDA toolkit: name"
                    + " the libtorch's folder in ROOTSTOCK_LIBTORCH or the toolkit's in CUDA_HOME";

    private final CudaLibrary library;
    private final MethodHandle create;
    private final MethodHandle compile;
    private final MethodHandle logSize;
    private final MethodHandle log;
    private final MethodHandle binarySize;
    private final MethodHandle binary;
    private final MethodHandle destroy;
    private final MethodHandle version;
    private final MethodHandle errorString;

    private Nvrtc(CudaLibrary library) {
        this.library = library;
        create = library.function("nvrtcCreateProgram", ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
        compile = library.function("nvrtcCompileProgram", ADDRESS, JAVA_INT, ADDRESS);
        logSize = library.function("nvrtcGetProgramLogSize", ADDRESS, ADDRESS);
        log = library.function("nvrtcGetProgramLog", ADDRESS, ADDRESS);
        binarySize = library.function("nvrtcGetCUBINSize", ADDRESS, ADDRESS);
        binary = library.function("nvrtcGetCUBIN", ADDRESS, ADDRESS);
        destroy = library.function("nvrtcDestroyProgram", ADDRESS);
        version = library.function("nvrtcVersion", ADDRESS, ADDRESS);
        errorString = library.errorText("nvrtcGetErrorString");
    }

    /**
     * Opens this machine's NVRTC.
     *
     * @param libtorch folder of the libtorch in use, which is searched first
     * @throws CudaMissingException if it is not found
     */
    public static Nvrtc open(Path libtorch) {
        return open(CudaFolders.candidates(libtorch, System.getenv()));
    }

    static Nvrtc open(List<Path> folders) {
        // NVRTC opens this library by name alone, which need not be on the system's path
        CudaFolders.find(LIBRARY + "-builtins", folders)
                .ifPresent(builtins -> CudaLibrary.open(builtins.toString(), REMEDY));
        String name = CudaFolders.find(LIBRARY, folders).map(Path::toString).orElse(LIBRARY + ".so");
        return new Nvrtc(CudaLibrary.open(name, REMEDY));
    }

    /** File it was opened from, or its name if the system found it. */
    public String library() {
        return library.name();
    }

    /** Version of NVRTC, for example "13.0". */
    public String version() {
        return NativeCall.call(arena -> {
            MemorySegment parts = arena.allocate(JAVA_INT, 2);
            check("nvrtcVersion", (int) version.invokeExact(parts, parts.asSlice(4)));
            return parts.getAtIndex(JAVA_INT, 0) + "." + parts.getAtIndex(JAVA_INT, 1);
        });
    }

    /**
     * Compiles CUDA C to machine code.
     *
     * @param name name of the source in error messages
     * @param source CUDA C without includes
     * @param architecture target architecture, for example {@code sm_90}
     * @param options additional options, for example {@code --define-macro=PRODUCT_BFLOAT16}
     * @return the cubin
     * @throws CudaException with the compiler's log, if the source has an error
     */
    public byte[] compile(String name, String source, String architecture, String... options) {
        return NativeCall.call(arena -> {
            MemorySegment program = arena.allocate(ADDRESS);
            check("nvrtcCreateProgram", (int) create.invokeExact(
                    program,
                    arena.allocateFrom(source),
                    arena.allocateFrom(name),
                    0,
                    MemorySegment.NULL,
                    MemorySegment.NULL));
            try {
                return compiled(arena, program.get(ADDRESS, 0), architecture, options);
            } finally {
                int _ = (int) destroy.invokeExact(program);
            }
        });
    }

    private byte[] compiled(Arena arena, MemorySegment program, String architecture, String[] options)
            throws Throwable {
        MemorySegment arguments = arena.allocate(ADDRESS, options.length + 1L);
        arguments.setAtIndex(ADDRESS, 0, arena.allocateFrom("--gpu-architecture=" + architecture));
        for (int index = 0; index < options.length; index++) {
            arguments.setAtIndex(ADDRESS, index + 1L, arena.allocateFrom(options[index]));
        }
        int result = (int) compile.invokeExact(program, options.length + 1, arguments);
        if (result != 0) {
            throw new CudaException("nvrtcCompileProgram", errorText(result) + "\n" + log(arena, program));
        }
        MemorySegment size = arena.allocate(JAVA_LONG);
        check("nvrtcGetCUBINSize", (int) binarySize.invokeExact(program, size));
        MemorySegment code = arena.allocate(size.get(JAVA_LONG, 0));
        check("nvrtcGetCUBIN", (int) binary.invokeExact(program, code));
        return code.toArray(JAVA_BYTE);
    }

    private String log(Arena arena, MemorySegment program) throws Throwable {
        MemorySegment size = arena.allocate(JAVA_LONG);
        check("nvrtcGetProgramLogSize", (int) logSize.invokeExact(program, size));
        MemorySegment text = arena.allocate(Math.max(1, size.get(JAVA_LONG, 0)));
        check("nvrtcGetProgramLog", (int) log.invokeExact(program, text));
        return text.getString(0);
    }

    private void check(String function, int result) throws Throwable {
        if (result != 0) {
            throw new CudaException(function, errorText(result));
        }
    }

    private String errorText(int result) throws Throwable {
        return NativeCall.string((MemorySegment) errorString.invokeExact(result));
    }
}
