package io.rootstock.registry.job;

import com.google.protobuf.Timestamp;
import io.rootstock.names.VersionName;
import io.rootstock.registry.scheduling.JobSchedule;
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
 * A row of {@code job}.
 *
 * @param desired the state that the client last requested
 * @param base the resolved base version of a fine-tune; empty for pre-training
 * @param dataset the resolved dataset, or the first of the mixture; empty while VALIDATING
 * @param runSpec the specification sent to the trainer; empty while VALIDATING
 * @param runResolved the architecture and hyperparameters that the trainer resolved; empty until its event arrives
 * @param evaluations the newest evaluation of each split, in the order of the splits' first evaluations
 * @param artifacts the run's artifacts in the store; empty until its event arrives
 * @param started whether a START command was ever sent to the outbox
 * @param lastSequence sequence number of the job's newest event
 * @param sourceEpoch number of the trainer's log that is followed; incremented when the run is restarted
 * @param sourceSequence sequence number of the newest stored event of the trainer's log
 * @param trainerLost time since which the trainer does not answer; empty while it answers
 */
record JobRow(
        String id,
        JobSpec spec,
        JobState state,
        DesiredState desired,
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
        Optional<Timestamp> trainerLost,
        long revision,
        Timestamp createTime,
        Timestamp updateTime,
        JobSchedule schedule) {

    /** The resource name, {@code jobs/{job}}. */
    String name() {
        return "jobs/" + id;
    }

    /** The job as the state machine sees it. */
    JobStateMachine.Position position() {
        return new JobStateMachine.Position(
                state, desired, runSpec.isPresent(), started, schedule.waiting().isPresent());
    }

    /** Returns the job's message; its resolved spec contains the values that the trainer resolved. */
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
        if (!JobStates.isTerminal(state)) {
            trainerLost.ifPresent(job::setTrainerLostTime);
        }
        base.ifPresent(name -> job.setBaseVersion(name.toString()));
        version.ifPresent(name -> job.setVersion(name.toString()));
        schedule.addTo(job);
        return job.build();
    }
}
