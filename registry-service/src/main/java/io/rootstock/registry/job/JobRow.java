package io.rootstock.registry.job;

import com.google.protobuf.Timestamp;
import io.rootstock.registry.model.VersionName;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.JobState;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import java.util.List;
import java.util.Optional;

/**
 * A job as it stands in the database.
 *
 * @param number its place in the order of creation
 * @param base the resolved base of a fine-tune
 * @param dataset the resolved dataset; empty while VALIDATING
 * @param runSpec what the trainer is sent; empty while VALIDATING
 * @param runResolved what the trainer made of it
 * @param artifacts what the run left in the store
 * @param started whether a start was ever asked of the trainer
 * @param lastSequence number of its newest event
 * @param sourceEpoch which of the trainer's logs is followed
 * @param sourceSequence number of the trainer's newest event that is stored
 */
record JobRow(
        String id,
        long number,
        JobSpec spec,
        JobState state,
        String message,
        Optional<VersionName> base,
        Optional<Dataset> dataset,
        Optional<RunSpec> runSpec,
        Optional<RunResolved> runResolved,
        Optional<RunProgress> progress,
        List<RunEvaluation> evaluations,
        Optional<RunArtifacts> artifacts,
        Optional<VersionName> version,
        boolean started,
        long lastSequence,
        int sourceEpoch,
        long sourceSequence,
        long revision,
        Timestamp createTime,
        Timestamp updateTime) {

    /** jobs/{job}. */
    String name() {
        return "jobs/" + id;
    }

    /** The job as clients see it; the values that the trainer resolved stand in the resolved spec. */
    Job toProto() {
        Job.Builder job = Job.newBuilder()
                .setName(name())
                .setSpec(spec)
                .setState(state)
                .setMessage(message)
                .addAllEvaluations(evaluations)
                .setCreateTime(createTime)
                .setUpdateTime(updateTime)
                .setEtag(Long.toString(revision));
        runSpec.ifPresent(job::setResolved);
        runResolved.ifPresent(resolved -> job.getResolvedBuilder()
                .setArchitecture(resolved.getArchitecture())
                .setHyperparameters(resolved.getHyperparameters()));
        progress.ifPresent(job::setProgress);
        base.ifPresent(name -> job.setBaseVersion(name.toString()));
        version.ifPresent(name -> job.setVersion(name.toString()));
        return job.build();
    }
}
