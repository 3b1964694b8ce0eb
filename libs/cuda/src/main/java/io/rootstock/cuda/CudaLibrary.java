package io.rootstock.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rootstock.panama.LibraryMissingException;
import io.rootstock.panama.SharedLibrary;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;

/**
 * A library of CUDA.
 *
 * @param library the open library
 */
record CudaLibrary(SharedLibrary library) {
    /**
     * Opens a library.
     *
     * @param name path or soname
     * @param remedy what to do if it is not found
     * @throws CudaMissingException with the dynamic linker's error text
     */
    static CudaLibrary open(String name, String remedy) {
        try {
            return new CudaLibrary(SharedLibrary.open(name));
        } catch (LibraryMissingException e) {
            throw new CudaMissingException(e.getMessage() + ". " + remedy);
        }
    }

    /** Path or soname by which it was opened. */
    String name() {
        return library.name();
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
                .orElseThrow(() -> new CudaMissingException(name() + " has no function " + function
                        + ": it is older than CUDA 12, which is what is needed."));
    }
}
