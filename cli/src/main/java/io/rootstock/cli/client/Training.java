package io.rootstock.cli.client;

import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.RunSpec;

/** Plans and creates training jobs. */
public final class Training {
    private final Clients clients;

    public Training(Clients clients) {
        this.clients = clients;
    }

    /**
     * Plans a job without creating it: the registry validates the spec and resolves names, the trainer estimates.
     *
     * @param probe measure a few steps on the trainer's machine (up to 20 seconds), unless cached
     */
    public EstimateRunResponse plan(JobSpec spec, boolean probe) {
        RunSpec resolved = clients.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(spec)
                        .setValidateOnly(true)
                        .build())
                .getJob()
                .getResolved();
        return clients.trainer()
                .estimateRun(EstimateRunRequest.newBuilder()
                        .setSpec(resolved)
                        .setProbe(probe)
                        .build());
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
