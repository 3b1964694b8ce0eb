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
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListJobsResponse;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.trainer.v1.EstimateRunResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Training jobs of the demo. Reuses an existing version and resumes an unfinished job. */
final class DemoJobs {
    private static final Set<JobState> UNFINISHED = Set.of(
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
     * A trained version and its job.
     *
     * @param created created by this run; false if it already existed
     */
    record TrainedVersion(Version version, Job job, boolean created) {}

    /** The latest version of a model; empty if there is none. */
    Optional<TrainedVersion> existing(String model) {
        return DemoData.found(() -> version(model + "@latest"))
                .map(version -> new TrainedVersion(version, job(version.getJob()), false));
    }

    /** The plan of a job; {@code probe}: with a few measured steps. */
    EstimateRunResponse plan(JobSpec spec, boolean probe) {
        return new Training(clients).plan(spec, probe);
    }

    /** Prints the plan, runs the job and prints a chart of the loss. */
    TrainedVersion train(JobSpec spec, EstimateRunResponse plan, String task) {
        PlanReport.lines(plan).forEach(console::print);
        Optional<Job> unfinished = unfinished(spec.getOutputModel());
        if (unfinished.isPresent()) {
            console.print("  " + unfinished.get().getName() + " is unfinished and resumes");
            resume(unfinished.get());
        }
        String name = unfinished
                .map(Job::getName)
                .orElseGet(() -> new Training(clients)
                        .create(spec, UUID.randomUUID().toString())
                        .getName());
        WatchedJob watched = WatchedJob.watch(clients, console, name, 0, task);
        Job job = watched.job();
        if (job.getState() != JobState.JOB_STATE_SUCCEEDED) {
            throw new CliException(
                    name + " " + Labels.of(job.getState()) + ": " + job.getMessage(),
                    "run rootstock jobs resume " + Names.id(name) + ", then rootstock demo");
        }
        draw(watched.losses());
        return new TrainedVersion(version(job.getVersion()), job, true);
    }

    private void draw(List<Chart.Point> losses) {
        Chart.lines(losses, 72, 9, "tokens; training loss in nats per token").forEach(console::print);
    }

    private Optional<Job> unfinished(String model) {
        return Pages.all(
                        token -> clients.jobs()
                                .listJobs(ListJobsRequest.newBuilder()
                                        .addAllStates(UNFINISHED)
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
