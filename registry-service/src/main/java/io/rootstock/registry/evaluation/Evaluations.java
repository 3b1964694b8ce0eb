package io.rootstock.registry.evaluation;

import com.google.protobuf.Message;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.evaluation.v1.CancelEvaluationRequest;
import io.rootstock.evaluation.v1.CreateEvaluationRequest;
import io.rootstock.evaluation.v1.DeleteEvaluationRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.EvaluationState;
import io.rootstock.evaluation.v1.ResolvedEvaluation;
import io.rootstock.evaluation.v1.ResumeEvaluationRequest;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.names.SuiteReference;
import io.rootstock.names.SuiteRevisionName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RandomId;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The clients' operations on evaluations. Evaluators change them through {@link Leases}. */
@ApplicationScoped
public class Evaluations {
    /** Collection of the evaluations. */
    public static final String COLLECTION = "evaluations";

    /** Fields of filters and orders; the list begins with the newest evaluation. */
    public static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, "('evaluations/' || evaluation.id)"),
                    Field.of("state", EvaluationState.class, "evaluation.state"),
                    new Field<>("message", FieldType.TEXT, "evaluation.message"),
                    new Field<>(
                            "version",
                            FieldType.TEXT,
                            "('models/' || evaluation.model || '/versions/' || evaluation.version)"),
                    new Field<>(
                            "suite",
                            FieldType.TEXT,
                            "('suites/' || evaluation.suite || '/revisions/' || evaluation.suite_revision)"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "evaluation.create_time"),
                    new Field<>("update_time", FieldType.TIMESTAMP, "evaluation.update_time")),
            new Field<>("number", FieldType.INTEGER, "evaluation.number"),
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
                    .setState(EvaluationState.EVALUATION_STATE_QUEUED)
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
                EvaluationRepository.insert(connection, fresh, spec, resolved);
                EvaluationEvents.append(connection, fresh, EvaluationState.EVALUATION_STATE_QUEUED, "");
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

    /**
     * Returns a feed of an evaluation's events.
     *
     * @param afterSequence sequence number of the last event that the watcher has; 0: none
     */
    public EvaluationFeed feed(String id, long afterSequence) {
        return new EvaluationFeed(database, id, afterSequence);
    }

    /** Cancels an evaluation at once; its evaluator stops at its next report. Without effect on a cancelled one. */
    public Evaluation cancel(CancelEvaluationRequest request) {
        return change(id(request.getName()), request, (connection, row) -> {
            switch (row.state()) {
                case EVALUATION_STATE_CANCELLED -> {}
                case EVALUATION_STATE_QUEUED, EVALUATION_STATE_RUNNING -> {
                    EvaluationState state = EvaluationState.EVALUATION_STATE_CANCELLED;
                    String message = "cancelled by request";
                    EvaluationRepository.setState(connection, row.id(), state, message);
                    EvaluationEvents.append(connection, row.id(), state, message);
                }
                case EVALUATION_STATE_SUCCEEDED, EVALUATION_STATE_FAILED, EVALUATION_STATE_UNSPECIFIED, UNRECOGNIZED ->
                    throw wrongState(row, "cancelled", "");
            }
        });
    }

    /** Queues a cancelled or failed evaluation again; without effect on a queued or running one. */
    public Evaluation resume(ResumeEvaluationRequest request) {
        return change(id(request.getName()), request, (connection, row) -> {
            switch (row.state()) {
                case EVALUATION_STATE_QUEUED, EVALUATION_STATE_RUNNING -> {}
                case EVALUATION_STATE_FAILED, EVALUATION_STATE_CANCELLED -> {
                    String message = "resumed by request";
                    EvaluationRepository.setQueued(connection, row.id(), message);
                    EvaluationEvents.append(connection, row.id(), EvaluationState.EVALUATION_STATE_QUEUED, message);
                }
                case EVALUATION_STATE_SUCCEEDED, EVALUATION_STATE_UNSPECIFIED, UNRECOGNIZED ->
                    throw wrongState(row, "resumed", "; create another evaluation to score it again");
            }
        });
    }

    /** Deletes an evaluation that has ended. */
    public void delete(DeleteEvaluationRequest request) {
        String id = id(request.getName());
        database.write(connection -> RequestLog.once(connection, request, () -> {
            EvaluationRow row = EvaluationRepository.lock(connection, id).orElseThrow(() -> noEvaluation(id));
            if (!EvaluationStates.isTerminal(row.state())) {
                throw wrongState(row, "deleted", "; cancel it first: rootstock eval cancel " + id);
            }
            EvaluationRepository.delete(connection, id);
            return "";
        }));
        changes.announce();
    }

    /** Change of a locked evaluation. */
    private interface Change {
        void apply(Connection connection, EvaluationRow row) throws SQLException;
    }

    private Evaluation change(String id, Message request, Change change) {
        Evaluation evaluation = database.write(connection -> {
            String _ = RequestLog.once(connection, request, () -> {
                change.apply(
                        connection, EvaluationRepository.lock(connection, id).orElseThrow(() -> noEvaluation(id)));
                return "";
            });
            return found(connection, id).toProto();
        });
        changes.announce();
        return evaluation;
    }

    private static EvaluationRow found(Connection connection, String id) throws SQLException {
        return EvaluationRepository.find(connection, id).orElseThrow(() -> noEvaluation(id));
    }

    private static RuntimeException wrongState(EvaluationRow row, String done, String remedy) {
        return Errors.failedPrecondition(
                "WRONG_STATE",
                row.name() + " is " + EvaluationStates.column(row.state()) + " and cannot be " + done + remedy);
    }

    /** Returns the resource name of an evaluation. */
    static String name(String id) {
        return COLLECTION + "/" + id;
    }

    static RuntimeException noEvaluation(String id) {
        return Errors.notFound(name(id), "list the evaluations with `rootstock eval list`");
    }

    private static String id(String name) {
        return RequestNames.id(COLLECTION, name, "name");
    }
}
