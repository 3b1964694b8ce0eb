package io.rootstock.bench.cluster.jobs;

import io.rootstock.bench.kill.Patience;
import io.rootstock.bench.kill.Watcher;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** A run under observation. */
final class Run {
    private final Patience patience;
    private final String job;
    private final Watcher watcher;

    private Run(Patience patience, String job) {
        this.patience = patience;
        this.job = job;
        this.watcher = new Watcher(patience, job);
    }

    /** Creates a job and watches it. */
    static Run start(Patience patience, JobSpec spec) {
        CreateJobRequest request = CreateJobRequest.newBuilder()
                .setSpec(spec)
                .setRequestId(UUID.randomUUID().toString())
                .build();
        return new Run(
                patience,
                patience.call(
                        clients -> clients.jobs().createJob(request).getJob().getName()));
    }

    /** Identifier of the run. */
    String id() {
        return job.substring(job.indexOf('/') + 1);
    }

    boolean isDone() {
        return watcher.isDone();
    }

    List<Attempt> attempts() {
        return Attempt.of(watcher.seen());
    }

    Optional<Attempt> last() {
        List<Attempt> attempts = attempts();
        return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.getLast());
    }

    /** Waits for the end; returns the digests of its artifacts, or the state and message of a run that did not succeed. */
    Map<ArtifactKind, String> join() {
        watcher.join();
        GetJobRequest request = GetJobRequest.newBuilder().setName(job).build();
        Job ended = patience.call(clients -> clients.jobs().getJob(request).getJob());
        if (ended.getState() != JobState.JOB_STATE_SUCCEEDED) {
            return Map.of(ArtifactKind.ARTIFACT_KIND_UNSPECIFIED, ended.getState() + ": " + ended.getMessage());
        }
        GetVersionRequest version =
                GetVersionRequest.newBuilder().setName(ended.getVersion()).build();
        return patience.call(clients -> clients.models().getVersion(version).getVersion()).getArtifactsList().stream()
                .collect(Collectors.toMap(Artifact::getKind, Artifact::getDigest));
    }
}
