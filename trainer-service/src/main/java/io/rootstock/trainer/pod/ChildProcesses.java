package io.rootstock.trainer.pod;

/** All processes that this agent has started, directly or not. */
final class ChildProcesses {
    /** Processes that another one starts while the others are listed are found the next time. */
    private static final int LISTS = 3;

    private ChildProcesses() {}

    /** Ends them at once. */
    static void kill() {
        for (int i = 0; i < LISTS; i++) {
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Suspends them; repeated while they are to be suspended. */
    static void suspend() {
        ProcessHandle.current().descendants().forEach(process -> Signals.suspend(process.pid()));
    }

    /** Continues the suspended processes. */
    static void resume() {
        ProcessHandle.current().descendants().forEach(process -> Signals.resume(process.pid()));
    }
}
