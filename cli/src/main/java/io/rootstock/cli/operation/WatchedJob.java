package io.rootstock.cli.operation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.JobWatcher;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Chart;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.evaluation.ResultTable;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.Job;
import java.util.List;

/**
 * A job watched until it stopped.
 *
 * @param job the job in its final state
 * @param losses training loss by training tokens; empty for an evaluation
 */
public record WatchedJob(Job job, List<Chart.Point> losses) {

    /** 0 if the job succeeded, else 1. */
    public int exitCode() {
        return job.getState() == JobState.JOB_STATE_SUCCEEDED ? 0 : 1;
    }

    /**
     * Watches a job with a progress bar, and prints its final state and the results of an evaluation. Ctrl-C stops watching;
     * the job continues.
     *
     * @param name jobs/{job}
     * @param afterSequence sequence number of the last event to skip; 0: none
     * @param task label of the progress bar
     */
    public static WatchedJob watch(Clients clients, Console console, String name, long afterSequence, String task) {
        try (InterruptHint _ = new InterruptHint(console, List.of(name))) {
            WatchedJob watched = follow(clients, console, name, afterSequence, task);
            console.printJson(watched.job());
            printResult(watched.job(), console);
            return watched;
        }
    }

    /** Watches a job with a progress bar; prints no result. */
    static WatchedJob follow(Clients clients, Console console, String name, long afterSequence, String task) {
        try (JobDisplay display = new JobDisplay(console, task)) {
            JobWatcher watcher = new JobWatcher(
                    clients, display::show, why -> display.note("connection lost (" + why + "), reconnecting"));
            Job job = watcher.watch(name, afterSequence);
            return new WatchedJob(job, display.losses());
        }
    }

    private static void printResult(Job job, Console console) {
        switch (job.getState()) {
            case JOB_STATE_SUCCEEDED -> printSuccess(job, console);
            case JOB_STATE_PAUSED, JOB_STATE_NEEDS_RECOVERY, JOB_STATE_FAILED, JOB_STATE_CANCELLED -> {
                console.print(job.getName() + " " + Labels.state(job.getState(), job.getMessage()));
                console.note("hint: rootstock jobs resume " + Names.id(job.getName()));
            }
            case JOB_STATE_VALIDATING, JOB_STATE_QUEUED, JOB_STATE_RUNNING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
                console.print(job.getName() + " is " + Labels.of(job.getState()));
        }
    }

    private static void printSuccess(Job job, Console console) {
        String line = job.getName() + " " + Labels.of(job.getState());
        if (job.getKind() == JobKind.JOB_KIND_EVALUATE) {
            console.print(line);
            ResultTable.print(console, job.getEvaluation());
        } else {
            console.print(line + ": " + Names.brief(job.getVersion()));
        }
    }
}
