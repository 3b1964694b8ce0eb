package io.rootstock.bench.storm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that is started again whenever it ends, unless it is held down, as a service manager does. */
final class Node implements AutoCloseable {
    private static final long POLL_MILLIS = 100;
    private static final long RESTART_MILLIS = 1000;

    private final Place place;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private final Runnable beforeStart;
    private final Thread keeper;
    private Process process;
    private boolean down;
    private boolean closed;
    /** Whether the end of the current process is not its own. */
    private boolean ended;

    private int exits;

    /**
     * Starts the process.
     *
     * @param beforeStart called before each start
     */
    Node(Place place, List<String> command, Map<String, String> environment, Path log, Runnable beforeStart) {
        this.place = place;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.log = log;
        this.beforeStart = beforeStart;
        start();
        keeper = Thread.ofVirtual().name("keeper of " + place.label()).start(this::keep);
    }

    /** Times that the process ended by itself. */
    synchronized int exits() {
        return exits;
    }

    /** Process ids of the process and its children; of the trainer without its workers. */
    synchronized List<Long> pids() {
        if (!process.isAlive()) {
            return List.of();
        }
        Stream<Long> children =
                place == Place.DATABASE ? process.descendants().map(ProcessHandle::pid) : Stream.empty();
        return Stream.concat(Stream.of(process.pid()), children).toList();
    }

    /** Kills the process and keeps it down. */
    synchronized void kill() {
        down = true;
        ended = true;
        List<Long> pids = pids();
        Commands.signal("KILL", pids);
        await(process);
    }

    /** Ends the process by SIGTERM and keeps it down; returns at once. */
    synchronized void terminate() {
        down = true;
        ended = true;
        process.destroy();
    }

    /** Ends {@link #kill} and {@link #terminate}; the keeper starts the process when the former one has ended. */
    synchronized void up() {
        down = false;
    }

    @Override
    public synchronized void close() {
        closed = true;
        keeper.interrupt();
        Commands.signal("CONT", pids());
        Commands.signal("KILL", pids());
        await(process);
    }

    private synchronized void start() {
        beforeStart.run();
        ended = false;
        try {
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keep() {
        try {
            while (true) {
                Thread.sleep(POLL_MILLIS);
                if (hasEnded()) {
                    Thread.sleep(RESTART_MILLIS);
                }
                restart();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean hasEnded() {
        if (!down && !closed && !process.isAlive()) {
            exits += ended ? 0 : 1;
            return !ended;
        }
        return false;
    }

    private synchronized void restart() {
        if (!down && !closed && !process.isAlive()) {
            start();
        }
    }

    private static void await(Process process) {
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("process " + process.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
