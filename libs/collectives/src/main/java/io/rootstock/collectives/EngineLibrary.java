package io.rootstock.collectives;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rootstock.panama.LibraryMissingException;
import io.rootstock.panama.SharedLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The library of an engine: MPICH or NCCL.
 *
 * @param library the open library
 */
record EngineLibrary(SharedLibrary library) {
    /**
     * Opens the first of these names that the dynamic linker finds.
     *
     * @param remedy what to do if none is found
     * @throws EngineMissingException with the dynamic linker's error text for each name
     */
    static EngineLibrary open(String remedy, String... names) {
        List<String> reasons = new ArrayList<>();
        for (String name : names) {
            try {
                return new EngineLibrary(SharedLibrary.open(name));
            } catch (LibraryMissingException e) {
                reasons.add(e.getMessage());
            }
        }
        throw new EngineMissingException(String.join("; ", reasons) + ". " + remedy);
    }

    /** Returns a handle of the function of this name, which returns an int. */
    MethodHandle function(String function, MemoryLayout... arguments) {
        return function(function, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /** Returns a handle of the function of this name, which returns the text of an error code. */
    MethodHandle errorText(String function) {
        return function(function, FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }

    private MethodHandle function(String function, FunctionDescriptor signature) {
        return library.function(function, signature)
                .orElseThrow(() -> new EngineMissingException(library.name() + " has no function " + function));
    }
}
