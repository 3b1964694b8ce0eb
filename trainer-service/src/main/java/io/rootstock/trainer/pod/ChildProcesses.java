package io.rootstock.trainer.pod;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.rootstock.panama.NativeCall;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** All processes that this agent has started, directly or not. */
final class ChildProcesses {
    /** Processes that another one starts while the others are listed are found the next time. */
    private static final int LISTS = 3;

    private static final int SIGCONT = 18;
    private static final int SIGSTOP = 19;

    private ChildProcesses() {}

    /** Ends them at once. */
    static void kill() {
        for (int i = 0; i < LISTS; i++) {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Suspends them; repeated while they are to be suspended. */
    static void suspend() {
        ProcessHandle.current().descendants().forEach(process -> suspend(process.pid()));
    }

    /** Continues the suspended processes. */
    static void resume() {
        ProcessHandle.current().descendants().forEach(process -> resume(process.pid()));
    }

    /** Suspends a process; without effect if it has ended. */
    static void suspend(long process) {
        signal(process, SIGSTOP);
    }

    /** Continues a suspended process; without effect if it has ended. */
    static void resume(long process) {
        signal(process, SIGCONT);
    }

    /** Sends a signal of Linux that Java does not send. */
    private static void signal(long process, int signal) {
        NativeCall.run(() -> {
            Linker linker = Linker.nativeLinker();
            MethodHandle kill = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("kill"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
            int _ = (int) kill.invokeExact(Math.toIntExact(process), signal);
        });
    }
}
