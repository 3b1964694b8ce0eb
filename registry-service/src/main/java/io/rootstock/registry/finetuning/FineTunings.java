package io.rootstock.registry.finetuning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.StatusRuntimeException;
import io.rootstock.access.v1.Role;
import io.rootstock.names.EnumNames;
import io.rootstock.names.ResourceName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RandomId;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.file.Owner;
import io.rootstock.registry.file.StoredFiles;
import io.rootstock.registry.job.JobFilter;
import io.rootstock.registry.job.Jobs;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateFineTuningJobRequest;
import io.rootstock.registry.v1.File;
import io.rootstock.registry.v1.FilePurpose;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.registry.v1.FineTuningSpec;
import io.rootstock.registry.v1.FineTuningState;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.PauseJobRequest;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.access.Caller;
import io.rootstock.service.filter.ListFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The clients' operations on fine-tuning jobs. */
@ApplicationScoped
public class FineTunings {
    /** Collection of the fine-tuning jobs. */
    public static final String COLLECTION = "fineTuningJobs";

    private static final JsonMapper JSON = new JsonMapper();
    private static final int ID_LENGTH = 24;
    private static final int MODEL_ID_LENGTH = 8;
    private static final int MAX_MODEL_ID_LENGTH = 63;
    private static final String DEFAULT_SUFFIX = "ft";

    private final Database database;
    private final Jobs jobs;
    private final Changes changes;

    /**
     * Creates the operations.
     *
     * @param changes notified after every change
     */
    @Inject
    public FineTunings(Database database, Jobs jobs, Changes changes) {
        this.database = database;
        this.jobs = jobs;
        this.changes = changes;
    }

    /** Stores a fine-tuning job, which the background loops then run. */
    public FineTuningJob create(CreateFineTuningJobRequest request) {
        FineTuningSpec spec = request.getSpec();
        FineTuningCheck.require(spec);
        VersionReference reference = RequestNames.parse(spec.getBase(), "spec.base", VersionReference::parse);
        FineTuningRow row = database.write(connection -> {
            String id = RequestLog.once(connection, "CreateFineTuningJob", request.getRequestId(), spec, () -> {
                Version base = Models.version(connection, reference);
                if (base.getKind() == VersionKind.VERSION_KIND_CLASSIFIER) {
                    throw Errors.invalidArgument(
                            "spec.base", base.getName() + " is a classifier; use a base or instruction model");
                }
                String training = requireFile(connection, spec.getTrainingFile(), "spec.training_file");
                String validation = spec.getValidationFile().isEmpty()
                        ? null
                        : requireFile(connection, spec.getValidationFile(), "spec.validation_file");
                String output = outputModel(base, spec.getSuffix());
                // The job registers a version of its model, and promotes it.
                Caller.current().require(Role.ROLE_TRAINER, output);
                Caller.current().require(Role.ROLE_PROMOTER, output);
                String fresh = RandomId.of("ftjob-", ID_LENGTH);
                FineTuningRepository.insert(
                        connection,
                        fresh,
                        spec.toBuilder().setBase(base.getName()).build(),
                        json(spec.getMetadataMap()),
                        training,
                        validation,
                        output,
                        Owner.current());
                return fresh;
            });
            return FineTuningRepository.find(connection, id).orElseThrow(() -> missingJob(id));
        });
        changes.announce();
        return view(row);
    }

    /** Returns a fine-tuning job; NOT_FOUND if it does not exist. */
    public FineTuningJob get(String id) {
        return view(row(id));
    }

    /**
     * Returns the caller's fine-tuning jobs, newest first; an admin's are all.
     *
     * @param after id of the last job of the previous page; empty: from the beginning
     * @param metadata entries that a job's metadata must have
     * @param page query with the {@link #fields}
     */
    public List<FineTuningJob> list(Optional<String> after, Map<String, String> metadata, PageQuery page) {
        FineTuningCheck.metadata(metadata, "metadata");
        return database
                .read(connection -> {
                    PageQuery rest = after.isEmpty()
                            ? page
                            : FineTuningRepository.after(connection, page, after.get())
                                    .orElseThrow(() -> missingJob(after.get()));
                    return FineTuningRepository.list(connection, json(metadata), Owner.filter(), rest);
                })
                .stream()
                .map(this::view)
                .toList();
    }

    /** Returns the fields of filters and orders. */
    public static ListFields<String> fields() {
        return FineTuningRepository.FIELDS;
    }

    /** Cancels a fine-tuning job that has not ended. */
    public FineTuningJob cancel(String id) {
        requireState(
                get(id),
                "cancelled",
                FineTuningState.FINE_TUNING_STATE_VALIDATING_FILES,
                FineTuningState.FINE_TUNING_STATE_QUEUED,
                FineTuningState.FINE_TUNING_STATE_RUNNING,
                FineTuningState.FINE_TUNING_STATE_PAUSED);
        FineTuningRow row = database.write(connection -> {
            FineTuningRepository.cancel(connection, id);
            return FineTuningRepository.lock(connection, id).orElseThrow();
        });
        trainingJob(row)
                .ifPresent(job -> jobs.cancel(
                        CancelJobRequest.newBuilder().setName(job.getName()).build()));
        changes.announce();
        return get(id);
    }

    /** Pauses a queued or running fine-tuning job at its next checkpoint. */
    public FineTuningJob pause(String id) {
        FineTuningJob current = get(id);
        requireState(
                current,
                "paused",
                FineTuningState.FINE_TUNING_STATE_QUEUED,
                FineTuningState.FINE_TUNING_STATE_RUNNING,
                FineTuningState.FINE_TUNING_STATE_PAUSED);
        Job _ = jobs.pause(
                PauseJobRequest.newBuilder().setName(current.getJob()).build());
        return get(id);
    }

    /** Resumes a paused fine-tuning job; revokes a pause that is requested. */
    public FineTuningJob resume(String id) {
        FineTuningJob current = get(id);
        requireState(
                current,
                "resumed",
                FineTuningState.FINE_TUNING_STATE_QUEUED,
                FineTuningState.FINE_TUNING_STATE_RUNNING,
                FineTuningState.FINE_TUNING_STATE_PAUSED);
        Job _ = jobs.resume(
                ResumeJobRequest.newBuilder().setName(current.getJob()).build());
        return get(id);
    }

    /** The training job of a row, also if the row does not name it yet. */
    Optional<Job> trainingJob(FineTuningRow row) {
        if (row.job().isPresent()) {
            return jobs.find(row.job().get());
        }
        return jobs
                .list(new JobFilter(List.of(), List.of(), row.outputModel(), ""), PageQuery.first(JobFilter.FIELDS, 1))
                .stream()
                .map(PageQuery.Listed::item)
                .findFirst();
    }

    private FineTuningRow row(String id) {
        return database.read(connection -> FineTuningRepository.find(connection, id))
                .orElseThrow(() -> missingJob(id));
    }

    private FineTuningJob view(FineTuningRow row) {
        return FineTuningView.of(row, row.job().flatMap(jobs::find));
    }

    static String jobId(Job job) {
        return RequestNames.id("jobs", job.getName(), "job");
    }

    private static void requireState(FineTuningJob job, String done, FineTuningState... allowed) {
        if (!List.of(allowed).contains(job.getState())) {
            throw Errors.failedPrecondition(
                    "WRONG_STATE", job.getName() + " is " + EnumNames.of(job.getState()) + " and cannot be " + done);
        }
    }

    private static String requireFile(Connection connection, String name, String field) throws SQLException {
        String id = RequestNames.id(StoredFiles.COLLECTION, name, field);
        File file = StoredFiles.lock(connection, id)
                .orElseThrow(() -> Errors.invalidArgument(field, name + " was not found; upload it first"));
        if (file.getPurpose() != FilePurpose.FILE_PURPOSE_FINE_TUNE) {
            throw Errors.invalidArgument(
                    field, name + " was not uploaded with the purpose fine-tune; it has results of a fine-tuning job");
        }
        return id;
    }

    /** A new name: the base's, the suffix, and random letters. */
    private static String outputModel(Version base, String suffix) {
        String end = RandomId.of("-" + (suffix.isEmpty() ? DEFAULT_SUFFIX : suffix) + "-", MODEL_ID_LENGTH);
        String stem = VersionName.parse(base.getName()).model();
        return new ResourceName(
                        ResourceName.MODELS,
                        stem.substring(0, Math.min(stem.length(), MAX_MODEL_ID_LENGTH - end.length())) + end)
                .toString();
    }

    private static String json(Map<String, String> metadata) {
        try {
            return JSON.writeValueAsString(metadata);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an object of texts cannot be written as JSON", e);
        }
    }

    private static StatusRuntimeException missingJob(String id) {
        return Errors.notFound(
                new ResourceName(COLLECTION, id).toString(), "list the fine-tuning jobs to see their ids");
    }
}
