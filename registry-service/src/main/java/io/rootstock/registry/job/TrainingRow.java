package io.rootstock.registry.job;

import com.google.protobuf.Timestamp;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.VersionName;
import io.rootstock.registry.scheduling.JobSchedule;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.trainer.v1.RunArtifacts;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import java.util.List;
import java.util.Optional;

/**
 * A row of {@code training} with that of its job.
 *
 * @param desired the state that the client last requested
 * @param base the resolved base version of a fine-tune; empty for pre-training
 * @param dataset the resolved dataset, or the first of the mixture; empty while VALIDATING
 * @param runSpec the specification sent to the trainer; empty while VALIDATING
 * @param runResolved the architecture and hyperparameters that the trainer resolved; empty until its event arrives
 * @param evaluations the newest evaluation of each split, in the order of the splits' first evaluations
 * @param artifacts the run's artifacts in the store; empty until its event arrives
 * @param started whether a START command was ever sent to the outbox
 * @param sourceEpoch number of the trainer's log that is followed; incremented when the run is restarted
 * @param sourceSequence sequence number of the newest stored event of the trainer's log
 * @param trainerLost time since which the trainer does not answer; empty while it answers
 */
record TrainingRow(
        JobRow job,
        JobSpec spec,
        DesiredState desired,
        Optional<VersionName> base,
        Optional<Dataset> dataset,
        Optional<RunSpec> runSpec,
        Optional<RunResolved> runResolved,
        Optional<RunProgress> progress,
        List<RunEvaluation> evaluations,
        Optional<RunArtifacts> artifacts,
        Optional<VersionName> version,
        boolean started,
        int sourceEpoch,
        long sourceSequence,
        Optional<Timestamp> trainerLost,
        JobSchedule schedule) {

    String id() {
        return job.id();
    }

    JobState state() {
        return job.state();
    }

    /** The resource name, {@code jobs/{job}}. */
    String name() {
        return job.name();
    }

    /** The job as the state machine sees it. */
    JobStateMachine.Position position() {
        return new JobStateMachine.Position(
                state(),
                desired,
                runSpec.isPresent(),
                started,
                schedule.waiting().isPresent());
    }

    /** Returns the job's message; its resolved spec contains the values that the trainer resolved. */
    Job toProto() {
        Job.Builder proto = job.toProto().setSpec(spec).addAllEvaluations(evaluations);
        runSpec.ifPresent(proto::setResolved);
        runResolved.ifPresent(resolved -> proto.getResolvedBuilder()
                .setArchitecture(resolved.getArchitecture())
                .setHyperparameters(resolved.getHyperparameters()));
        progress.ifPresent(proto::setProgress);
        if (!JobStates.isTerminal(state())) {
            trainerLost.ifPresent(proto::setTrainerLostTime);
        }
        base.ifPresent(name -> proto.setBaseVersion(name.toString()));
        version.ifPresent(name -> proto.setVersion(name.toString()));
        schedule.addTo(proto);
        return proto.build();
    }
}
