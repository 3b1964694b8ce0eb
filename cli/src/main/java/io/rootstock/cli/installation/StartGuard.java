package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Stops the services that a start has launched if the program is ended before it has completed, for example by Ctrl-C: the
 * services have sessions of their own and would stay.
 */
final class StartGuard implements AutoCloseable {
    private final Consumer<ProcessRecord> terminate;
    private final List<ProcessRecord> launched = new ArrayList<>();
    private final Thread hook = new Thread(this::undo, "stop started services");
    private volatile boolean interrupted;

    /** @param terminate stops a service */
    StartGuard(Consumer<ProcessRecord> terminate) {
        this.terminate = terminate;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Launches a service; once the program is being ended, throws instead. */
    synchronized ProcessRecord launch(Supplier<ProcessRecord> service) {
        requireNotInterrupted();
        ProcessRecord record = service.get();
        launched.add(record);
        return record;
    }

    /** Throws if the program is being ended: the services that do not answer then were stopped here. */
    void requireNotInterrupted() {
        if (interrupted) {
            throw new CliException("the start was interrupted", "run: rootstock up");
        }
    }

    private synchronized void undo() {
        interrupted = true;
        launched.parallelStream().forEach(terminate);
    }

    /** The start has completed or failed: its services stay. */
    @Override
    public void close() {
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // the hook stops the services
        }
    }
}
