package io.rootstock.registry.job;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.ResourceName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.RandomId;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.resource.JobDatasets;
import io.rootstock.registry.scheduling.JobSchedules;
import io.rootstock.registry.scheduling.Submission;
import io.rootstock.registry.scheduling.Waiting;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.access.Caller;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.EstimateRunResponse;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The clients' operations on jobs that train. A call stores its change without waiting for the trainer: a command for a run in the
 * same transaction, while a job that is to start or resume waits until the scheduling loop writes its command. A job is
 * accepted while the tokenizer service is unavailable, and stays VALIDATING until its dataset is resolved.
 */
@ApplicationScoped
public class TrainingJobs implements JobOperations {
    /** Timeout of the tokenizer and the trainer in CreateJob; after it, the job is accepted without their answer. */
    private static final Duration LOOK_UP_LIMIT = Duration.ofSeconds(3);
    /** The timeout with validate_only; the trainer's first estimate measures the machine: 20 s and more if it is busy. */
    private static final Duration VALIDATION_LIMIT = Duration.ofSeconds(60);

    private static final int ID_LENGTH = 8;

    private final Database database;
    private final Peers peers;
    private final ArtifactStore store;
    private final Changes changes;

    /**
     * Creates the operations.
     *
     * @param changes notified after every change
     */
    @Inject
    public TrainingJobs(Database database, Peers peers, ArtifactStore store, Changes changes) {
        this.database = database;
        this.peers = peers;
        this.store = store;
        this.changes = changes;
    }

    /** Creates a job; with validate_only, only checks it and returns its resolved spec. */
    public Job create(CreateJobRequest request) {
        return create(request, Caller.current().name());
    }

    /**
     * Creates a job of a principal other than the caller.
     *
     * @param owner its name
     */
    public Job create(CreateJobRequest request, String owner) {
        JobSpec spec = request.getSpec();
        SpecCheck.fields(spec);
        Submission submission = Submission.of(spec, owner);
        Optional<String> repeated =
                database.read(connection -> RequestLog.find(connection, "CreateJob", request.getRequestId(), spec));
        if (repeated.isPresent()) {
            return database.read(connection -> found(connection, repeated.get()));
        }
        Optional<RunSpec> extended = database.read(connection -> extended(connection, spec));
        Optional<Version> base = base(spec);
        Optional<JobDatasets> datasets = JobDatasets.read(spec, name -> dataset(name, request.getValidateOnly()));
        Optional<RunSpec> run = datasets.map(found -> SpecCheck.resolved(spec, found, base, extended));
        Optional<Estimate> estimate = run.flatMap(resolved -> estimate(resolved, request.getValidateOnly()));
        Optional<VersionName> baseName = base.map(version -> VersionName.parse(version.getName()));
        if (request.getValidateOnly()) {
            Job.Builder job = Job.newBuilder()
                    .setKind(kind(spec))
                    .setSpec(spec)
                    .setResolved(run.orElseThrow())
                    .setState(JobState.JOB_STATE_VALIDATING);
            baseName.ifPresent(name -> job.setBaseVersion(name.toString()));
            return job.build();
        }
        renewAdapter(spec);
        Job job = database.write(connection -> {
            String id = RequestLog.once(connection, "CreateJob", request.getRequestId(), spec, () -> {
                if (baseName.isPresent()) {
                    Models.lock(connection, baseName.get());
                }
                if (datasets.isPresent()) {
                    datasets.get().require(connection);
                }
                String fresh = RandomId.of(SpecCheck.word(spec.getTask()) + "-", ID_LENGTH);
                JobEvents.begin(
                        connection,
                        fresh,
                        kind(spec),
                        ResourceName.parse(ResourceName.MODELS, spec.getOutputModel())
                                .id(),
                        owner,
                        JobState.JOB_STATE_VALIDATING,
                        "");
                TrainingRepository.insert(connection, fresh, spec, baseName, submission);
                if (estimate.isPresent()) {
                    JobSchedules.setEstimate(connection, fresh, estimate.get());
                }
                if (run.isPresent()) {
                    queue(connection, fresh, datasets.orElseThrow().first(), run.get());
                }
                return fresh;
            });
            return found(connection, id);
        });
        changes.announce();
        return job;
    }

    private static Job found(Connection connection, String id) throws SQLException {
        return TrainingRepository.find(connection, id)
                .orElseThrow(() -> Jobs.noJob(id))
                .toProto();
    }

    /** Returns the resolved hyperparameters of a job that would be created with this spec. */
    public Hyperparameters defaults(JobSpec spec) {
        RunSpec run = SpecCheck.resolved(
                spec,
                JobDatasets.read(spec, name -> Optional.of(peers.dataset(name, LOOK_UP_LIMIT)))
                        .orElseThrow(),
                base(spec),
                Optional.empty());
        return peers.estimate(run, VALIDATION_LIMIT).getHyperparameters();
    }

    @Override
    public Set<JobKind> kinds() {
        return Set.of(JobKind.JOB_KIND_PRETRAIN, JobKind.JOB_KIND_FINE_TUNE);
    }

    @Override
    public List<Job> read(Connection connection, List<String> ids) throws SQLException {
        return TrainingRepository.read(connection, ids).stream()
                .map(TrainingRow::toProto)
                .toList();
    }

    @Override
    public void cancel(Connection connection, String id) throws SQLException {
        change(connection, id, JobStateMachine::cancel, Resumption.PLAIN);
    }

    @Override
    public void pause(Connection connection, String id) throws SQLException {
        change(connection, id, JobStateMachine::pause, Resumption.PLAIN);
    }

    @Override
    public void resume(Connection connection, String id, ResumeJobRequest request) throws SQLException {
        if (request.getRanks() < 0) {
            throw Errors.invalidArgument("ranks", "must be 0 or more, was " + request.getRanks());
        }
        Submission.requireMaxCost(request.getMaxCostDollars(), "max_cost_dollars");
        change(
                connection,
                id,
                JobStateMachine::resume,
                new Resumption(request.getRanks(), request.getRestart(), request.getMaxCostDollars()));
    }

    /** Deletes what is stored of a job; the trainer deletes its run when it receives the command. */
    @Override
    public void delete(Connection connection, String id) throws SQLException {
        TrainingRow job = locked(connection, id);
        if (job.state() == JobState.JOB_STATE_SUCCEEDED && TrainingRepository.isBeingPromoted(connection, id)) {
            throw Errors.failedPrecondition(
                    "WRONG_STATE", job.name() + " cannot be deleted before its fine-tuning job is complete; retry");
        }
        TrainingRepository.delete(connection, id);
        if (job.started()) {
            Outbox.put(connection, id, Outbox.Command.DELETE);
        }
    }

    /**
     * Stores a job's first resolved dataset and its run spec, and sets it to QUEUED; its START command is written when devices
     * are free.
     */
    static void queue(Connection connection, String id, Dataset dataset, RunSpec run) throws SQLException {
        TrainingRepository.setResolved(
                connection, id, dataset.toBuilder().clearRefusedRows().build(), run);
        TrainingRow job = TrainingRepository.lock(connection, id).orElseThrow();
        JobEvents.transition(connection, job, JobState.JOB_STATE_QUEUED, "");
        JobSchedules.await(connection, id, Waiting.START, true);
    }

    private static void change(
            Connection connection,
            String id,
            Function<JobStateMachine.Position, JobStateMachine.Decision> decide,
            Resumption resumption)
            throws SQLException {
        TrainingRow row = locked(connection, id);
        JobStateMachine.Decision decision = decide.apply(row.position());
        Decisions.raiseLimit(connection, row, decision, resumption);
        Decisions.store(connection, row, decision, resumption);
    }

    private static TrainingRow locked(Connection connection, String id) throws SQLException {
        return TrainingRepository.lock(connection, id).orElseThrow(() -> Jobs.noJob(id));
    }

    /**
     * Returns the run spec of the job that a spec extends; FAILED_PRECONDITION if it has not succeeded and the spec names no
     * checkpoint, or if it has not been resolved.
     */
    static Optional<RunSpec> extended(Connection connection, JobSpec spec) throws SQLException {
        if (spec.getExtendedJob().isEmpty()) {
            return Optional.empty();
        }
        String id = RequestNames.id("jobs", spec.getExtendedJob(), "spec.extended_job");
        Job job = found(connection, id);
        boolean any = spec.getExtendedStep() > 0 && job.hasResolved();
        if (job.getState() != JobState.JOB_STATE_SUCCEEDED && !any) {
            throw Errors.failedPrecondition(
                    "WRONG_STATE",
                    job.getName() + " is " + JobStates.column(job.getState())
                            + "; only a succeeded job can be extended without the step of a checkpoint");
        }
        return Optional.of(job.getResolved());
    }

    private static JobKind kind(JobSpec spec) {
        return spec.getTask() == Task.TASK_PRETRAIN ? JobKind.JOB_KIND_PRETRAIN : JobKind.JOB_KIND_FINE_TUNE;
    }

    /** Keeps the adapter's files from being pruned until the job is stored. */
    private void renewAdapter(JobSpec spec) {
        if (spec.getAdapterDigest().isEmpty()) {
            return;
        }
        try {
            store.renew(Digest.parse(spec.getAdapterDigest()));
        } catch (IllegalArgumentException | NoSuchArtifactException e) {
            throw Errors.invalidArgument("spec.adapter_digest", e.getMessage());
        }
    }

    private Optional<Version> base(JobSpec spec) {
        if (spec.getBase().isEmpty()) {
            return Optional.empty();
        }
        VersionReference reference = RequestNames.parse(spec.getBase(), "spec.base", VersionReference::parse);
        Version version = database.read(connection -> Models.version(connection, reference));
        SpecCheck.base(version);
        return Optional.of(version);
    }

    private Optional<Dataset> dataset(String name, boolean required) {
        try {
            return Optional.of(peers.dataset(name, limit(required)));
        } catch (StatusRuntimeException e) {
            if (!Peers.isTransient(e)) {
                throw Peers.isNotFound(e)
                        ? Errors.notFound(name, "prepare it with `rootstock dataset prepare` first")
                        : e;
            }
            if (required) {
                throw Errors.unavailable("TOKENIZER_UNAVAILABLE", "the tokenizer is unavailable: " + Peers.reason(e));
            }
            return Optional.empty();
        }
    }

    /** Requests an estimate, with which the trainer checks hyperparameters and architecture before a job is stored. */
    private Optional<Estimate> estimate(RunSpec run, boolean required) {
        try {
            EstimateRunResponse response = peers.estimate(run, limit(required));
            return response.hasEstimate() ? Optional.of(response.getEstimate()) : Optional.empty();
        } catch (StatusRuntimeException e) {
            if (!Peers.isTransient(e)) {
                throw e;
            }
            if (required) {
                throw Errors.unavailable("TRAINER_UNAVAILABLE", "the trainer is unavailable: " + Peers.reason(e));
            }
            return Optional.empty();
        }
    }

    private static Duration limit(boolean required) {
        return required ? VALIDATION_LIMIT : LOOK_UP_LIMIT;
    }
}
