package io.rootstock.cli.operation;

import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Prints at Ctrl-C that the watched jobs continue, and the commands that watch and cancel them. */
final class InterruptHint implements AutoCloseable {
    private final List<String> jobs;

    /**
     * @param jobs jobs/{job}
     */
    InterruptHint(Console console, List<String> jobs) {
        this.jobs = new CopyOnWriteArrayList<>(jobs);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> this.jobs.forEach(job -> print(console, job))));
    }

    /** Omits a job that has stopped. */
    void stopped(String job) {
        jobs.remove(job);
    }

    /** Omits all jobs. */
    @Override
    public void close() {
        jobs.clear();
    }

    private static void print(Console console, String job) {
        String id = Names.id(job);
        console.note("");
        console.note(job + " continues in the background");
        console.note("hint: rootstock jobs watch " + id + ", or rootstock jobs cancel " + id);
    }
}
