package io.rootstock.trainer.pod;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** Signals of Linux that Java does not send. */
final class Signals {
    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;

    private Signals() {}

    /** Suspends a process; without effect if it has ended. */
    static void suspend(long process) {
        send(process, SIGSTOP);
    }

    /** Resumes a suspended process; without effect if it has ended. */
    static void resume(long process) {
        send(process, SIGCONT);
    }

    private static void send(long process, int signal) {
        NativeCall.run(() -> {
            Linker linker = Linker.nativeLinker();
            MethodHandle kill = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("kill"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
            int _ = (int) kill.invokeExact(Math.toIntExact(process), signal);
        });
    }
}
