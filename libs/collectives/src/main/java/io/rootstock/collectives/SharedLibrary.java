package io.rootstock.collectives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * A shared library that stays open, and handles of its C functions, which all return an int.
 *
 * @param name name under which it was found
 * @param symbols symbols of the library
 */
record SharedLibrary(String name, SymbolLookup symbols) {
    private static final int RTLD_NOW = 2;

    /**
     * Opens the first of these names that the dynamic linker finds.
     *
     * @param remedy what to do if none is found
     */
    static SharedLibrary open(String remedy, String... names) {
        List<String> reasons = new ArrayList<>();
        for (String name : names) {
            String reason = load(name);
            if (reason == null) {
                return new SharedLibrary(name, SymbolLookup.libraryLookup(name, Arena.global()));
            }
            reasons.add(reason);
        }
        throw new EngineMissingException(String.join("; ", reasons) + ". " + remedy);
    }

    /** Returns a handle of the function of this name. */
    MethodHandle function(String function, MemoryLayout... arguments) {
        MemorySegment address = symbols.find(function)
                .orElseThrow(() -> new EngineMissingException(name + " has no function " + function));
        return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
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

    /** Calls dlopen first, because its error text names the missing file and SymbolLookup's does not. */
    private static String load(String name) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup libc = linker.defaultLookup();
        MethodHandle dlopen =
                linker.downcallHandle(libc.findOrThrow("dlopen"), FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
        MethodHandle dlerror = linker.downcallHandle(libc.findOrThrow("dlerror"), FunctionDescriptor.of(ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = (MemorySegment) dlopen.invokeExact(arena.allocateFrom(name), RTLD_NOW);
            return handle.equals(MemorySegment.NULL) ? text((MemorySegment) dlerror.invokeExact()) : null;
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Copies a C string. */
    static String text(MemorySegment address) {
        return address.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
