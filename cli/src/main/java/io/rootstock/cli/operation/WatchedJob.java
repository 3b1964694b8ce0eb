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
 * A job that was followed to its end.
 *
 * @param job as it is then
 * @param losses training loss against tokens, as seen
 */
public record WatchedJob(Job job, List<Chart.Point> losses) {

    /** 0 where the job succeeded. */
    public int exitCode() {
        return job.getState() == JobState.JOB_STATE_SUCCEEDED ? 0 : 1;
    }

    /**
     * Follows a job with a live bar. Ctrl-C ends only the following: the job goes on.
     *
     * @param afterSequence last event already seen; 0: none
     * @param task name beside the bar
     */
    public static WatchedJob watch(Clients clients, Console console, String name, long afterSequence, String task) {
        AtomicBoolean over = new AtomicBoolean();
        Thread detached = new Thread(() -> {
            if (!over.get()) {
                String id = Names.id(name);
                console.note("");
                console.note(name + " goes on without this terminal");
                console.note("  follow it: rootstock jobs watch " + id + "     end it: rootstock jobs cancel " + id);
            }
        });
        Runtime.getRuntime().addShutdownHook(detached);
        try (JobDisplay display = new JobDisplay(console, task)) {
            JobWatcher follower = new JobWatcher(
                    clients, display::show, why -> display.note("the stream broke (" + why + "); opening it again"));
            Job job = follower.follow(name, afterSequence);
            display.endBar();
            end(job, console);
            return new WatchedJob(job, display.losses());
        } finally {
            over.set(true);
        }
    }

    private static void end(Job job, Console console) {
        console.printJson(job);
        String state = Labels.of(job.getState());
        switch (job.getState()) {
            case JOB_STATE_SUCCEEDED ->
                console.print("%s %s: %s".formatted(job.getName(), state, Names.brief(job.getVersion())));
            case JOB_STATE_PAUSED, JOB_STATE_NEEDS_RECOVERY, JOB_STATE_FAILED, JOB_STATE_CANCELLED ->
                console.print("%s %s%s; go on with: rootstock jobs resume %s"
                        .formatted(
                                job.getName(),
                                state,
                                job.getMessage().isEmpty() ? "" : ": " + job.getMessage(),
                                Names.id(job.getName())));
            case JOB_STATE_VALIDATING, JOB_STATE_QUEUED, JOB_STATE_RUNNING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
                console.print(job.getName() + " is " + state);
        }
    }
}
