package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * A shared library that stays open, and handles of its C functions, which all return an int.
 *
 * @param name path or soname by which it was opened
 * @param symbols symbols of the library
 */
record SharedLibrary(String name, SymbolLookup symbols) {
    private static final int RTLD_NOW = 2;

    /**
     * Opens a library.
     *
     * @param name path or soname
     * @param remedy what to do if it is not found
     * @throws CudaMissingException with the dynamic linker's error text
     */
    static SharedLibrary open(String name, String remedy) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup libc = linker.defaultLookup();
        MethodHandle dlopen =
                linker.downcallHandle(libc.findOrThrow("dlopen"), FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
        MethodHandle dlerror = linker.downcallHandle(libc.findOrThrow("dlerror"), FunctionDescriptor.of(ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            // dlopen first, because its error text names the missing file and SymbolLookup's does not
            MemorySegment handle = (MemorySegment) dlopen.invokeExact(arena.allocateFrom(name), RTLD_NOW);
            if (handle.equals(MemorySegment.NULL)) {
                throw new CudaMissingException(text((MemorySegment) dlerror.invokeExact()) + ". " + remedy);
            }
            return new SharedLibrary(name, SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Returns a handle of the function of this name. */
    MethodHandle function(String function, MemoryLayout... arguments) {
        MemorySegment address = symbols.find(function)
                .orElseThrow(() -> new CudaMissingException(name + " has no function " + function
                        + ": it is older than CUDA 12, which is what is needed."));
        return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** Copies a C string. */
    static String text(MemorySegment address) {
        return address.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** Wraps exceptions of a method handle; they never report a failure of the C function. */
    static RuntimeException rethrow(Throwable thrown) {
        if (thrown instanceof RuntimeException exception) {
            return exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }
}
