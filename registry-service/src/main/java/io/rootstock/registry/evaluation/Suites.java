package io.rootstock.registry.evaluation;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.evaluation.v1.CreateSuiteRevisionRequest;
import io.rootstock.evaluation.v1.DeleteSuiteRequest;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.names.SuiteReference;
import io.rootstock.names.SuiteRevisionName;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.resource.References;
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
import java.util.Set;

/** Operations on suites. A committed revision never changes; a database trigger rejects changes, too. */
@ApplicationScoped
public class Suites {
    /** Collection of the suites. */
    public static final String COLLECTION = SuiteRevisionName.SUITES;

    private static final List<Field<String>> FIELDS = List.of(
            new Field<>(
                    "name",
                    FieldType.TEXT,
                    "('suites/' || suite_revision.suite || '/revisions/' || suite_revision.number)"),
            new Field<>("description", FieldType.TEXT, "suite_revision.description"),
            new Field<>("create_time", FieldType.TIMESTAMP, "suite_revision.create_time"));

    /** Fields of filters and orders of suites; the list is ordered by name. */
    public static final ListFields<String> SUITES =
            new ListFields<>(FIELDS, new Field<>("id", FieldType.TEXT, "suite.id"), false);

    /** Fields of filters and orders of a suite's revisions; the list begins with the newest. */
    public static final ListFields<String> REVISIONS =
            new ListFields<>(FIELDS, new Field<>("number", FieldType.INTEGER, "suite_revision.number"), true);

    private final Database database;
    private final ArtifactStore store;

    /** Creates the operations on a database and an artifact store. */
    @Inject
    public Suites(Database database, ArtifactStore store) {
        this.database = database;
        this.store = store;
    }

    /** Creates a revision, or returns the newest one if it has the same files; with validate_only, only checks it. */
    public SuiteRevision create(CreateSuiteRevisionRequest request) {
        String suite = RequestNames.id(COLLECTION, request.getSuite(), "suite");
        SuiteRevision revision = SuiteCheck.checked(request, store);
        if (request.getValidateOnly()) {
            return revision;
        }
        return database.write(connection -> {
            String name = RequestLog.once(connection, request, () -> insert(connection, suite, revision));
            SuiteRevisionName created = SuiteRevisionName.parse(name);
            return SuiteRepository.find(connection, created).orElseThrow(() -> missingRevision(created));
        });
    }

    private static String insert(Connection connection, String suite, SuiteRevision revision) throws SQLException {
        long newest = SuiteRepository.lock(connection, suite);
        if (newest > 0) {
            SuiteRevisionName name = new SuiteRevisionName(suite, newest);
            SuiteRevision last = SuiteRepository.find(connection, name).orElseThrow();
            if (Set.copyOf(last.getFilesList()).equals(Set.copyOf(revision.getFilesList()))) {
                return name.toString();
            }
        }
        SuiteRevisionName name = new SuiteRevisionName(suite, newest + 1);
        SuiteRepository.insert(connection, name, revision);
        return name.toString();
    }

    /** Returns a revision; NOT_FOUND if it does not exist. */
    public SuiteRevision get(SuiteReference reference) {
        return database.read(connection -> revision(connection, reference));
    }

    /** Returns the newest revisions of the suites of a page, whose query has {@link #SUITES}. */
    public List<PageQuery.Listed<SuiteRevision>> list(PageQuery page) {
        return database.read(connection -> SuiteRepository.listSuites(connection, page));
    }

    /** Returns the revisions of a page, whose query has {@link #REVISIONS}; NOT_FOUND if the suite does not exist. */
    public List<PageQuery.Listed<SuiteRevision>> revisions(String suite, PageQuery page) {
        return database.read(connection -> {
            long _ = SuiteRepository.newest(connection, suite).orElseThrow(() -> missingSuite(suite));
            return SuiteRepository.listRevisions(connection, suite, page);
        });
    }

    /** Deletes a suite; FAILED_PRECONDITION names the evaluations that use it. */
    public void delete(DeleteSuiteRequest request) {
        String suite = RequestNames.id(COLLECTION, request.getName(), "name");
        database.write(connection -> RequestLog.once(connection, request, () -> {
            long _ = SuiteRepository.newest(connection, suite).orElseThrow(() -> missingSuite(suite));
            new References(COLLECTION + "/" + suite)
                    .add(
                            EvaluationRepository.ofSuite(connection, suite, References.limit()),
                            evaluation -> evaluation.describe("uses it"))
                    .add(
                            SuiteRepository.gates(connection, suite, References.limit()),
                            gate -> "the gate " + gate + " uses it (rootstock gates delete)")
                    .requireNone();
            SuiteRepository.delete(connection, suite);
            return "";
        }));
    }

    /** Returns a revision inside the caller's transaction; NOT_FOUND if it does not exist. */
    public static SuiteRevision revision(Connection connection, SuiteReference reference) throws SQLException {
        SuiteRevisionName name = switch (reference) {
            case SuiteReference.ByNumber(SuiteRevisionName number) -> number;
            case SuiteReference.Newest(String suite) ->
                new SuiteRevisionName(
                        suite, SuiteRepository.newest(connection, suite).orElseThrow(() -> missingSuite(suite)));
        };
        return SuiteRepository.find(connection, name).orElseThrow(() -> missingRevision(name));
    }

    static RuntimeException missingRevision(SuiteRevisionName name) {
        return Errors.notFound(name.toString(), "list the suites with `rootstock suites list`, or create it first");
    }

    private static RuntimeException missingSuite(String suite) {
        return Errors.notFound(
                COLLECTION + "/" + suite, "list the suites with `rootstock suites list`, or create it first");
    }
}
