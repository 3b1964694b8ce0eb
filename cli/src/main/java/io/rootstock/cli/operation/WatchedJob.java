package io.rootstock.cli.operation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.JobWatcher;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Chart;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.JobDisplay;
import io.rootstock.cli.display.Labels;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobState;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A job watched until it stopped.
 *
 * @param job the job in its final state
 * @param losses training loss by training tokens
 */
public record WatchedJob(Job job, List<Chart.Point> losses) {

    /** 0 if the job succeeded, else 1. */
    public int exitCode() {
        return job.getState() == JobState.JOB_STATE_SUCCEEDED ? 0 : 1;
    }

    /**
     * Watches a job with a progress bar. Ctrl-C stops watching; the job continues.
     *
     * @param afterSequence sequence number of the last event to skip; 0: none
     * @param task label of the progress bar
     */
    public static WatchedJob watch(Clients clients, Console console, String name, long afterSequence, String task) {
        AtomicBoolean ended = new AtomicBoolean();
        Thread interruptNote = new Thread(() -> {
            if (!ended.get()) {
                String id = Names.id(name);
                console.note("");
                console.note(name + " continues in the background");
                console.note("hint: rootstock jobs watch " + id + ", or rootstock jobs cancel " + id);
            }
        });
        Runtime.getRuntime().addShutdownHook(interruptNote);
        try (JobDisplay display = new JobDisplay(console, task)) {
            JobWatcher watcher = new JobWatcher(
                    clients, display::show, why -> display.note("connection lost (" + why + "), reconnecting"));
            Job job = watcher.watch(name, afterSequence);
            display.closeBar();
            printResult(job, console);
            return new WatchedJob(job, display.losses());
        } finally {
            ended.set(true);
        }
    }

    private static void printResult(Job job, Console console) {
        console.printJson(job);
        String state = Labels.of(job.getState());
        switch (job.getState()) {
            case JOB_STATE_SUCCEEDED ->
                console.print("%s %s: %s".formatted(job.getName(), state, Names.brief(job.getVersion())));
            case JOB_STATE_PAUSED, JOB_STATE_NEEDS_RECOVERY, JOB_STATE_FAILED, JOB_STATE_CANCELLED -> {
                console.print(
                        job.getName() + " " + state + (job.getMessage().isEmpty() ? "" : ": " + job.getMessage()));
                console.note("hint: rootstock jobs resume " + Names.id(job.getName()));
            }
            case JOB_STATE_VALIDATING, JOB_STATE_QUEUED, JOB_STATE_RUNNING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
                console.print(job.getName() + " is " + state);
        }
    }
}
