package io.rootstock.registry.evaluation;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.SuiteReference;
import io.rootstock.names.SuiteRevisionName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RandomId;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.job.JobEvents;
import io.rootstock.registry.job.JobOperations;
import io.rootstock.registry.job.JobStates;
import io.rootstock.registry.lease.Leases;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.ResumeJobRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.access.Caller;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The clients' operations on evaluations. Evaluators change them through {@link EvaluationClaims}. */
@ApplicationScoped
public class Evaluations implements JobOperations {
    /** Message of an evaluation that no evaluator has. */
    static final String WAITS = "waits for an evaluator";

    /** Collection of the evaluations. */
    public static final String COLLECTION = "evaluations";

    /** Fields of filters and orders; the list begins with the newest evaluation. */
    public static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, "('evaluations/' || job.id)"),
                    Field.of("state", JobState.class, "job.state"),
                    new Field<>("message", FieldType.TEXT, "job.message"),
                    new Field<>(
                            "version",
                            FieldType.TEXT,
                            "('models/' || version_model || '/versions/' || version_number)"),
                    new Field<>(
                            "suite",
                            FieldType.TEXT,
                            "('suites/' || evaluation.suite || '/revisions/' || evaluation.suite_revision)"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "job.create_time"),
                    new Field<>("update_time", FieldType.TIMESTAMP, "job.update_time")),
            new Field<>("number", FieldType.INTEGER, "job.number"),
            true);

    private static final String RPC = "CreateEvaluation";
    private static final int ID_LENGTH = 8;

    private final Database database;
    private final ArtifactStore store;
    private final Changes changes;

    /**
     * Creates the operations.
     *
     * @param changes notified after every change
     */
    @Inject
    public Evaluations(Database database, ArtifactStore store, Changes changes) {
        this.database = database;
        this.store = store;
        this.changes = changes;
    }

    /** Queues an evaluation; with validate_only, only checks it and returns what its names mean. */
    public Evaluation create(CreateEvaluationRequest request) {
        EvaluationSpec spec = request.getSpec();
        EvaluationSpecCheck.fields(spec);
        // A repetition returns what the names meant at first.
        Optional<String> repeated =
                database.read(connection -> RequestLog.find(connection, RPC, request.getRequestId(), spec));
        if (repeated.isPresent()) {
            return get(repeated.get());
        }
        ResolvedEvaluation resolved = database.read(connection -> resolved(connection, spec));
        if (PromptFormats.isChat(spec.getPromptFormat())) {
            Version version = database.read(connection -> Models.version(
                    connection, new VersionReference.ByNumber(VersionName.parse(resolved.getVersion()))));
            PromptFormats.requireTemplate(version, resolved.getArtifact(), store);
        }
        if (request.getValidateOnly()) {
            return Evaluation.newBuilder()
                    .setSpec(spec)
                    .setResolved(resolved)
                    .setState(JobState.JOB_STATE_QUEUED)
                    .build();
        }
        Evaluation evaluation = database.write(connection -> {
            String id = RequestLog.once(connection, RPC, request.getRequestId(), spec, () -> {
                Models.lock(connection, VersionName.parse(resolved.getVersion()));
                SuiteRevisionName suite = SuiteRevisionName.parse(resolved.getSuiteRevision());
                if (!SuiteRepository.lock(connection, suite)) {
                    throw Suites.missingRevision(suite);
                }
                String fresh = RandomId.of("eval-", ID_LENGTH);
                JobEvents.begin(
                        connection,
                        fresh,
                        JobKind.JOB_KIND_EVALUATE,
                        VersionName.parse(resolved.getVersion()).model(),
                        Caller.current().name(),
                        JobState.JOB_STATE_QUEUED,
                        WAITS);
                EvaluationRepository.insert(connection, fresh, spec, resolved);
                return fresh;
            });
            return found(connection, id).toProto();
        });
        changes.announce();
        return evaluation;
    }

    private static ResolvedEvaluation resolved(Connection connection, EvaluationSpec spec) throws SQLException {
        Version version = Models.version(
                connection, RequestNames.parse(spec.getVersion(), "spec.version", VersionReference::parse));
        SuiteRevision suite =
                Suites.revision(connection, RequestNames.parse(spec.getSuite(), "spec.suite", SuiteReference::parse));
        EvaluationSpecCheck.tasks(spec, suite);
        PromptFormats.requireTasks(spec, version, suite);
        return ResolvedEvaluation.newBuilder()
                .setVersion(version.getName())
                .setSuiteRevision(suite.getName())
                .setArtifact(EvaluationSpecCheck.artifact(spec, version))
                .build();
    }

    /** Returns an evaluation; NOT_FOUND if it does not exist. */
    public Evaluation get(String id) {
        return find(id).orElseThrow(() -> noEvaluation(id));
    }

    /** Returns an evaluation; empty if it does not exist. */
    public Optional<Evaluation> find(String id) {
        return database.read(connection -> EvaluationRepository.find(connection, id))
                .map(EvaluationRow::toProto);
    }

    /** Returns the evaluations of a page that the caller may see, whose query has {@link #FIELDS}. */
    public List<PageQuery.Listed<Evaluation>> list(PageQuery page) {
        return database.read(connection -> EvaluationRepository.list(connection, page)).stream()
                .map(listed ->
                        new PageQuery.Listed<>(listed.cursor(), listed.item().toProto()))
                .toList();
    }

    @Override
    public Set<JobKind> kinds() {
        return Set.of(JobKind.JOB_KIND_EVALUATE);
    }

    @Override
    public List<Job> read(Connection connection, List<String> ids) throws SQLException {
        return EvaluationRepository.read(connection, ids).stream()
                .map(row -> row.job().toProto().setEvaluation(row.toProto()).build())
                .toList();
    }

    /** Cancels an evaluation at once; its evaluator stops at its next report. Without effect on a cancelled one. */
    @Override
    public void cancel(Connection connection, String id) throws SQLException {
        EvaluationRow row = found(connection, id);
        switch (row.state()) {
            case JOB_STATE_CANCELLED -> {}
            case JOB_STATE_QUEUED, JOB_STATE_RUNNING -> {
                Leases.release(connection, id);
                JobEvents.change(connection, row.job(), JobState.JOB_STATE_CANCELLED, "cancelled by request");
            }
            case JOB_STATE_SUCCEEDED,
                    JOB_STATE_FAILED,
                    JOB_STATE_VALIDATING,
                    JOB_STATE_PAUSED,
                    JOB_STATE_NEEDS_RECOVERY,
                    JOB_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> throw wrongState(row, "cancelled", "");
        }
    }

    @Override
    public void pause(Connection connection, String id) throws SQLException {
        throw Errors.failedPrecondition(
                "WRONG_KIND",
                "jobs/" + id
                        + " evaluates a version and cannot be paused; cancel it, and resume it later: its evaluator"
                        + " continues after the rows that it has scored");
    }

    /** Queues a cancelled or failed evaluation again; without effect on a queued or running one. */
    @Override
    public void resume(Connection connection, String id, ResumeJobRequest request) throws SQLException {
        JobOperations.requireNoFields(request, "an evaluation");
        EvaluationRow row = found(connection, id);
        switch (row.state()) {
            case JOB_STATE_QUEUED, JOB_STATE_RUNNING -> {}
            case JOB_STATE_FAILED, JOB_STATE_CANCELLED -> {
                Leases.revoke(connection, id);
                EvaluationRepository.setExpiredLeases(connection, id, 0);
                JobEvents.change(connection, row.job(), JobState.JOB_STATE_QUEUED, "resumed by request; " + WAITS);
            }
            case JOB_STATE_SUCCEEDED,
                    JOB_STATE_VALIDATING,
                    JOB_STATE_PAUSED,
                    JOB_STATE_NEEDS_RECOVERY,
                    JOB_STATE_UNSPECIFIED,
                    UNRECOGNIZED -> throw wrongState(row, "resumed", "; create another evaluation to score it again");
        }
    }

    @Override
    public void delete(Connection connection, String id) throws SQLException {
        EvaluationRepository.delete(connection, List.of(id));
    }

    private static EvaluationRow found(Connection connection, String id) throws SQLException {
        return EvaluationRepository.find(connection, id).orElseThrow(() -> noEvaluation(id));
    }

    private static RuntimeException wrongState(EvaluationRow row, String done, String remedy) {
        return Errors.failedPrecondition(
                "WRONG_STATE",
                row.job().name() + " is " + JobStates.column(row.state()) + " and cannot be " + done + remedy);
    }

    /** Returns the resource name of an evaluation. */
    static String name(String id) {
        return COLLECTION + "/" + id;
    }

    static RuntimeException noEvaluation(String id) {
        return Errors.notFound(name(id), "list the evaluations with `rootstock eval list`");
    }
}
