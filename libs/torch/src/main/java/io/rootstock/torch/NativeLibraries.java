package io.rootstock.torch;

import io.rootstock.panama.LibraryMissingException;
import io.rootstock.panama.SharedLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens libtorch's shared libraries once per process and creates method handles of their C functions. Libraries are
 * opened by full path, dependencies first, so that the soname of each is already loaded when the next one needs it.
 */
final class NativeLibraries {
    /** All memory of the process, to access addresses that libtorch returns. */
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** File names or their prefixes in opening order; no libtorch has all of them. */
    private static final List<String> NAMES = List.of(
            "libquadmath.so",
            "libquadmath.0.dylib",
            "libgfortran.so",
            "libgfortran.5.dylib",
            "libopenblas.so",
            "libopenblas.0.dylib",
            "libgomp",
            "libiomp5.dylib",
            "libc10.so",
            "libc10.dylib",
            "libtorch_cpu.so",
            "libtorch_cpu.dylib",
            "libc10_cuda.so",
            "libtorch_cuda.so");

    private static final String CPP_LIBRARY =
            System.mapLibraryName("x").endsWith(".dylib") ? "/usr/lib/libc++.1.dylib" : "libstdc++.so.6";

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Path DIRECTORY = LibtorchDirectory.find();
    private static final SymbolLookup SYMBOLS = open();

    private NativeLibraries() {}

    static Path directory() {
        return DIRECTORY;
    }

    /** Returns a handle of the C function of this name; a null result layout means void. */
    static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return optional(name, result, arguments)
                .orElseThrow(() -> new LibtorchMissingException(
                        "The libtorch in " + DIRECTORY + " has no function " + name + ".", null));
    }

    static Optional<MethodHandle> optional(String name, MemoryLayout result, MemoryLayout... arguments) {
        FunctionDescriptor descriptor =
                result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments);
        return SYMBOLS.find(name).map(symbol -> LINKER.downcallHandle(symbol, descriptor));
    }

    static MemorySegment symbol(String name) {
        return SYMBOLS.find(name)
                .orElseThrow(() -> new LibtorchMissingException("No symbol " + name + " in " + DIRECTORY + ".", null));
    }

    private static SymbolLookup open() {
        SymbolLookup found = LINKER.defaultLookup();
        for (Path library : libraries()) {
            found = open(library).symbols().or(found);
        }
        // The C++ library was loaded as a dependency of libtorch; opening its name returns that copy.
        return SymbolLookup.libraryLookup(CPP_LIBRARY, Arena.global()).or(found);
    }

    private static SharedLibrary open(Path library) {
        try {
            return SharedLibrary.open(library.toString(), SharedLibrary.Visibility.GLOBAL);
        } catch (LibraryMissingException e) {
            throw new LibtorchMissingException("Cannot open " + library + ": " + e.getMessage() + ".", null);
        }
    }

    private static List<Path> libraries() {
        List<Path> libraries = new ArrayList<>();
        for (String name : NAMES) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(DIRECTORY, name + "*")) {
                files.forEach(libraries::add);
            } catch (IOException e) {
                throw new LibtorchMissingException("Cannot list " + DIRECTORY + ": " + e + ".", e);
            }
        }
        return libraries;
    }
}
