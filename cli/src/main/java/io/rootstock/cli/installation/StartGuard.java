package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Ends the processes that a start has launched unless it completes: also if the program is ended before, for example by Ctrl-C,
 * because they have sessions of their own and would stay.
 */
final class StartGuard implements AutoCloseable {
    private final Consumer<ProcessHandle> terminate;
    private final List<ProcessHandle> launched = new ArrayList<>();
    private final Thread hook = new Thread(this::interrupt, "stop started services");
    private volatile boolean interrupted;
    private boolean completed;

    /** @param terminate ends a process and waits for its exit */
    StartGuard(Consumer<ProcessHandle> terminate) {
        this.terminate = terminate;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Launches a process; once the program is being ended, throws instead. */
    synchronized Process launch(Supplier<Process> program) {
        requireNotInterrupted();
        Process process = program.get();
        launched.add(process.toHandle());
        return process;
    }

    /** Throws if the program is being ended: the services that do not answer then were stopped here. */
    void requireNotInterrupted() {
        if (interrupted) {
            throw new CliException("the start was interrupted", "run: rootstock up");
        }
    }

    /** The start has succeeded: its processes stay. */
    void complete() {
        completed = true;
    }

    private void interrupt() {
        interrupted = true;
        undo();
    }

    private synchronized void undo() {
        launched.parallelStream().forEach(terminate);
    }

    @Override
    public void close() {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // the hook ends the processes
            return;
        }
        if (!completed) {
            undo();
        }
    }
}
