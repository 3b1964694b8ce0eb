package io.rootstock.panama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * A shared library that stays open for the lifetime of the process.
 *
 * @param name path or soname by which it was opened
 * @param symbols symbols of the library
 */
public record SharedLibrary(String name, SymbolLookup symbols) {
    /** Visibility of a library's symbols to libraries that are opened later. */
    public enum Visibility {
        LOCAL(0),
        GLOBAL(0x100);

        private static final int RTLD_NOW = 2;

        private final int flag;

        Visibility(int flag) {
            this.flag = flag;
        }

        private int mode() {
            return RTLD_NOW | flag;
        }
    }

    /**
     * Opens a library with local symbols.
     *
     * @param name path or soname
     * @throws LibraryMissingException if the library or one of its dependencies is not found
     */
    public static SharedLibrary open(String name) throws LibraryMissingException {
        return open(name, Visibility.LOCAL);
    }

    /**
     * Opens a library.
     *
     * @param name path or soname
     * @throws LibraryMissingException if the library or one of its dependencies is not found
     */
    public static SharedLibrary open(String name, Visibility visibility) throws LibraryMissingException {
        Optional<String> error = load(name, visibility);
        if (error.isPresent()) {
            throw new LibraryMissingException(error.get());
        }
        return new SharedLibrary(name, SymbolLookup.libraryLookup(name, Arena.global()));
    }

    /** Links a function; empty if the library does not export it. */
    public Optional<MethodHandle> function(String symbol, FunctionDescriptor signature) {
        return symbols.find(symbol).map(address -> Linker.nativeLinker().downcallHandle(address, signature));
    }

    /**
     * Calls dlopen, because its error text names the missing file and SymbolLookup's does not; returns the error text.
     * The handles are created here and not in a static initializer, which a native image would run at build time.
     */
    private static Optional<String> load(String name, Visibility visibility) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup libc = linker.defaultLookup();
        MethodHandle dlopen =
                linker.downcallHandle(libc.findOrThrow("dlopen"), FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
        MethodHandle dlerror = linker.downcallHandle(libc.findOrThrow("dlerror"), FunctionDescriptor.of(ADDRESS));
        return NativeCall.call(arena -> {
            MemorySegment handle = (MemorySegment) dlopen.invokeExact(arena.allocateFrom(name), visibility.mode());
            return handle.equals(MemorySegment.NULL)
                    ? Optional.of(NativeCall.string((MemorySegment) dlerror.invokeExact()))
                    : Optional.empty();
        });
    }
}
