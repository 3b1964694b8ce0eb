package io.rootstock.panama;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Runs code that calls native functions. A method handle declares Throwable, but the handle of a C function throws no
 * checked exception; exceptions of the code are rethrown unchanged.
 */
public final class NativeCall {
    private NativeCall() {}

    /** Code without a result. */
    @FunctionalInterface
    public interface Action {
        void run() throws Throwable;
    }

    /** Code with a result. */
    @FunctionalInterface
    public interface Function<T> {
        T call() throws Throwable;
    }

    /** Code without a result, with memory that is freed at its end. */
    @FunctionalInterface
    public interface ArenaAction {
        void run(Arena arena) throws Throwable;
    }

    /** Code with a result, with memory that is freed at its end. */
    @FunctionalInterface
    public interface ArenaFunction<T> {
        T call(Arena arena) throws Throwable;
    }

    /** Runs code that calls native functions; see the class for its exceptions. */
    public static void run(Action code) {
        try {
            code.run();
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Runs code that calls native functions and returns its result. */
    public static <T> T call(Function<T> code) {
        try {
            return code.call();
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Runs code with a confined arena. */
    public static void run(ArenaAction code) {
        try (Arena arena = Arena.ofConfined()) {
            code.run(arena);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /** Runs code with a confined arena and returns its result. */
    public static <T> T call(ArenaFunction<T> code) {
        try (Arena arena = Arena.ofConfined()) {
            return code.call(arena);
        } catch (Throwable e) {
            throw rethrow(e);
        }
    }

    /**
     * Converts an exception of a method handle: returns an unchecked exception, throws an error, and wraps a checked
     * exception in an {@link IllegalStateException}.
     */
    public static RuntimeException rethrow(Throwable thrown) {
        if (thrown instanceof RuntimeException exception) {
            return exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }

    /** Copies a C string in UTF-8. */
    public static String string(MemorySegment address) {
        return address.reinterpret(Long.MAX_VALUE).getString(0);
    }
}
