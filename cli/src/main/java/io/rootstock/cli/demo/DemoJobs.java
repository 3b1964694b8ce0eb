package io.rootstock.cli.demo;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Pages;
import io.rootstock.cli.client.Training;
import io.rootstock.cli.display.Chart;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.PlanReport;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.operation.WatchedJob;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.JobState;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.EstimateRunResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The training jobs of the demo: a version that is there is used, a job that was interrupted goes on. */
final class DemoJobs {
    private static final Set<JobState> WAITING = Set.of(
            JobState.JOB_STATE_VALIDATING,
            JobState.JOB_STATE_QUEUED,
            JobState.JOB_STATE_RUNNING,
            JobState.JOB_STATE_PAUSED,
            JobState.JOB_STATE_NEEDS_RECOVERY);

    private final Clients clients;
    private final Console console;

    DemoJobs(Clients clients, Console console) {
        this.clients = clients;
        this.console = console;
    }

    /**
     * A trained version.
     *
     * @param version the version
     * @param job the job that made it
     * @param now made in this run of the demo
     */
    record Trained(Version version, Job job, boolean now) {}

    /** The newest version of a model, with its job; empty where there is none. */
    Optional<Trained> existing(String model) {
        return DemoData.found(() -> version(model + "@latest"))
                .map(version -> new Trained(version, job(version.getJob()), false));
    }

    /** What a job would need. */
    EstimateRunResponse plan(JobSpec spec) {
        return new Training(clients).plan(spec, false);
    }

    /** Prints the plan, trains, and draws the loss. */
    Trained train(JobSpec spec, EstimateRunResponse plan, String task) {
        PlanReport.lines(plan).forEach(console::print);
        Optional<Job> interrupted = interrupted(spec.getOutputModel());
        if (interrupted.isPresent()) {
            console.print("  " + interrupted.get().getName() + " was interrupted and goes on");
            resume(interrupted.get());
        }
        String name = interrupted
                .map(Job::getName)
                .orElseGet(() -> new Training(clients)
                        .create(spec, UUID.randomUUID().toString())
                        .getName());
        WatchedJob following = WatchedJob.follow(clients, console, name, 0, task);
        Job job = following.job();
        if (job.getState() != JobState.JOB_STATE_SUCCEEDED) {
            throw new CliException(
                    name + " " + Labels.of(job.getState()) + ": " + job.getMessage(),
                    "rootstock jobs resume " + Names.id(name) + ", then the demo again");
        }
        draw(following.losses());
        return new Trained(version(job.getVersion()), job, true);
    }

    private void draw(List<Chart.Point> losses) {
        Chart.lines(losses, 72, 9, "tokens; training loss, nats per token").forEach(console::print);
    }

    private Optional<Job> interrupted(String model) {
        return Pages.all(
                        token -> clients.jobs()
                                .listJobs(ListJobsRequest.newBuilder()
                                        .addAllStates(WAITING)
                                        .setPageSize(Pages.SIZE)
                                        .setPageToken(token)
                                        .build()),
                        ListJobsResponse::getJobsList,
                        ListJobsResponse::getNextPageToken)
                .stream()
                .filter(job -> job.getSpec().getOutputModel().equals(model))
                .findFirst();
    }

    private void resume(Job job) {
        if (job.getState() == JobState.JOB_STATE_PAUSED || job.getState() == JobState.JOB_STATE_NEEDS_RECOVERY) {
            Job resumed = clients.jobs()
                    .resumeJob(
                            ResumeJobRequest.newBuilder().setName(job.getName()).build())
                    .getJob();
            console.note("  " + resumed.getName() + " is " + Labels.of(resumed.getState()));
        }
    }

    private Version version(String name) {
        return clients.models()
                .getVersion(GetVersionRequest.newBuilder().setName(name).build())
                .getVersion();
    }

    private Job job(String name) {
        return clients.jobs()
                .getJob(GetJobRequest.newBuilder().setName(name).build())
                .getJob();
    }
}
