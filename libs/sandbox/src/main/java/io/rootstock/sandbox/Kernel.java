package io.rootstock.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.rootstock.panama.NativeCall;
import io.rootstock.sandbox.Syscall.Architecture;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/** System calls of the current thread, through libc's {@code syscall}. Linux only. */
final class Kernel {
    private static final int ARGUMENTS = 6;
    private static final FunctionDescriptor SYSCALL = FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private final Architecture architecture;
    private final MethodHandle syscall;

    /** Links {@code syscall}. A native image cannot do this where it is built. */
    Kernel(Architecture architecture) {
        this.architecture = architecture;
        Linker linker = Linker.nativeLinker();
        syscall = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"), SYSCALL, Linker.Option.captureCallState("errno"));
    }

    Architecture architecture() {
        return architecture;
    }

    /** Makes a call with at most six arguments; returns its result, or the negative errno. */
    long call(Syscall call, long... arguments) {
        long[] words = Arrays.copyOf(arguments, ARGUMENTS);
        return NativeCall.call((Arena arena) -> {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            long result = (long) syscall.invokeExact(
                    state,
                    (long) call.number(architecture),
                    words[0],
                    words[1],
                    words[2],
                    words[3],
                    words[4],
                    words[5]);
            return result == -1 ? -state.get(JAVA_INT, 0) : result;
        });
    }

    /**
     * Makes a call that must succeed.
     *
     * @throws SandboxException with the purpose and the errno if it fails
     */
    long require(String purpose, Syscall call, long... arguments) {
        long result = call(call, arguments);
        if (result < 0) {
            throw new SandboxException("cannot " + purpose + " (errno " + -result + ")");
        }
        return result;
    }
}
