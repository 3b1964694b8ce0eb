package io.rootstock.cli.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.error.ErrorReport;
import io.rootstock.job.v1.JobKind;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.RunSpec;
import java.time.Duration;
import java.util.function.Supplier;

/** Plans, creates and reads training jobs. */
public final class Training {
    private static final int ATTEMPTS = 3;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Clients clients;

    public Training(Clients clients) {
        this.clients = clients;
    }

    /**
     * Plans a job without creating it: the registry validates the spec and resolves names, the trainer estimates. A call that
     * ends because a service gave no answer in time, as on a busy machine, is repeated up to twice.
     *
     * @param probe measure a few steps on the trainer's machine (up to 20 seconds), unless cached
     */
    public EstimateRunResponse plan(JobSpec spec, boolean probe) {
        RunSpec resolved = repeated(() -> clients.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(spec)
                        .setValidateOnly(true)
                        .build())
                .getJob()
                .getResolved());
        return clients.trainer()
                .estimateRun(EstimateRunRequest.newBuilder()
                        .setSpec(resolved)
                        .setProbe(probe)
                        .build());
    }

    private static <T> T repeated(Supplier<T> call) {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get();
            } catch (StatusRuntimeException failure) {
                if (attempt == ATTEMPTS || !isUnavailable(failure)) {
                    throw failure;
                }
            }
            pause();
        }
    }

    /** Whether the registry answered that a service it needs is unavailable; not whether the registry itself is. */
    private static boolean isUnavailable(StatusRuntimeException failure) {
        return failure.getStatus().getCode() == Status.Code.UNAVAILABLE
                && !ErrorReport.of(failure).reason().isEmpty();
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", "run the command again");
        }
    }

    /**
     * Returns a training job by its ID or name.
     *
     * @throws CliException if the job is an evaluation
     */
    public Job get(String name) {
        Job job = clients.jobs()
                .getJob(GetJobRequest.newBuilder()
                        .setName(Names.of("jobs", name))
                        .build())
                .getJob();
        if (job.getKind() == JobKind.JOB_KIND_EVALUATE) {
            throw new CliException(
                    job.getName() + " is an evaluation, not a training job",
                    "show its results with `rootstock eval show " + Names.id(job.getName())
                            + "`; compare evaluations with `rootstock eval compare`");
        }
        return job;
    }

    /** Creates a job, or returns the existing job of the same request ID. */
    public Job create(JobSpec spec, String requestId) {
        return clients.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(spec)
                        .setRequestId(requestId)
                        .build())
                .getJob();
    }
}
