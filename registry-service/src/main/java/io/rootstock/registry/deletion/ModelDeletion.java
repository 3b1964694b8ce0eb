package io.rootstock.registry.deletion;

import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DeletionMode;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.evaluation.VersionEvaluations;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.resource.References;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.DeleteVersionRequest;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Deletes models and versions. The artifacts stay in the store until it is pruned. Aliases cannot move during a
 * deletion; a version or job that refers to the deleted version concurrently either commits first, and the deletion is
 * rejected, or is rejected itself by a foreign key.
 */
@ApplicationScoped
public class ModelDeletion {
    private final Database database;
    private final Changes changes;

    /**
     * Creates the operations.
     *
     * @param changes notified after a deletion
     */
    @Inject
    public ModelDeletion(Database database, Changes changes) {
        this.database = database;
        this.changes = changes;
    }

    /** Deletes a version; FAILED_PRECONDITION names what refers to it. */
    public void deleteVersion(DeleteVersionRequest request) {
        VersionName version = RequestNames.parse(request.getName(), "name", VersionName::parse);
        database.write(connection -> RequestLog.once(connection, request, () -> {
            Aliases.lock(connection);
            Models.version(connection, new VersionReference.ByNumber(version));
            references(connection, version).requireNone();
            delete(connection, version.model(), version.number());
            return "";
        }));
        changes.announce();
    }

    /** Returns the references that prevent the deletion of a version. */
    static References references(Connection connection, VersionName version) throws SQLException {
        return new References(version.toString())
                .add(pinned(connection, version.model(), version.number()), ModelDeletion::describePin)
                .add(aliases(connection, version), ModelDeletion::describe)
                .add(children(connection, version.model(), version.number()), ModelDeletion::describe)
                .add(jobs(connection, version.model(), version.number()), job -> job.describe("starts from it"))
                .add(
                        VersionEvaluations.active(connection, version.model(), version.number(), References.limit()),
                        evaluation -> evaluation.describe("evaluates it"));
    }

    /** Deletes a model; FAILED_PRECONDITION names what refers to it. */
    public void deleteModel(DeleteModelRequest request) {
        String model = RequestNames.id("models", request.getName(), "name");
        database.write(connection -> RequestLog.once(connection, request, () -> {
            Aliases.lock(connection);
            long versions = Models.lock(connection, model);
            List<String> aliases = Aliases.namesOf(connection, model);
            if (!request.getForce() && (versions > 0 || !aliases.isEmpty())) {
                throw Errors.failedPrecondition(
                        "NOT_EMPTY",
                        "models/" + model + " has " + versions + (versions == 1 ? " version" : " versions")
                                + (aliases.isEmpty() ? "" : " and the aliases " + String.join(", ", aliases))
                                + "; delete them too with force (rootstock models delete " + model + " --force)");
            }
            new References("models/" + model)
                    .add(pinned(connection, model, null), ModelDeletion::describePin)
                    .add(children(connection, model, null), ModelDeletion::describe)
                    .add(jobs(connection, model, null), job -> job.describe("starts from it"))
                    .add(
                            VersionEvaluations.active(connection, model, null, References.limit()),
                            evaluation -> evaluation.describe("evaluates it"))
                    .requireNone();
            Aliases.deleteAll(connection, model);
            delete(connection, model, null);
            Sql.of(connection, "delete from model where id = ?", model).update();
            return "";
        }));
        changes.announce();
    }

    /**
     * Deletes a version, or all versions of a model if {@code number} is null, with their ended evaluations; nothing else
     * refers to them.
     */
    static void delete(Connection connection, String model, Long number) throws SQLException {
        DeletionMode.begin(connection);
        VersionEvaluations.delete(connection, model, number);
        // The base of a succeeded job is part of its version's lineage.
        Sql.of(connection, """
                        update training set base_model = null, base_number = null
                        from job where job.id = training.job and state = 'SUCCEEDED' and base_model = ? and (?::bigint is null or base_number = ?::bigint)
                        """, model, number, number).update();
        for (String table : List.of("version_artifact", "version_metric", "version")) {
            Sql.of(
                            connection,
                            "delete from " + table + " where model = ? and (?::bigint is null or number = ?::bigint)",
                            model,
                            number,
                            number)
                    .update();
        }
    }

    private static List<VersionName> pinned(Connection connection, String model, Long number) throws SQLException {
        return Sql.of(connection, """
                        select model, number from version_description
                        where pinned and model = ? and (?::bigint is null or number = ?::bigint)
                        order by number limit ?
                        """, model, number, number, References.limit())
                .list(row -> new VersionName(row.getString(1), row.getLong(2)));
    }

    private static String describePin(VersionName version) {
        return version.shortName() + " is pinned (rootstock models unpin " + version.shortName() + ")";
    }

    private record Alias(String model, String alias, boolean canary) {}

    private static List<Alias> aliases(Connection connection, VersionName version) throws SQLException {
        return Sql.of(connection, """
                        select alias.model, alias.alias, alias.number <> ? as canary
                        from alias join alias_move using (sequence)
                        where alias.model = ? and ? in (alias.number, alias_move.canary_number)
                        order by alias.alias limit ?
                        """, version.number(), version.model(), version.number(), References.limit())
                .list(row -> new Alias(row.getString(1), row.getString(2), row.getBoolean(3)));
    }

    private static String describe(Alias alias) {
        String options = alias.model() + (alias.alias().equals("production") ? "" : " --alias " + alias.alias());
        return alias.canary()
                ? "it is the canary of the alias " + alias.alias() + " (rootstock models canary " + options
                        + " --clear)"
                : "the alias " + alias.alias() + " points to it (rootstock models promote another version, or rootstock"
                        + " models demote " + options + ")";
    }

    /** Returns versions outside the deletion whose parent is in it. */
    private static List<VersionName> children(Connection connection, String model, Long number) throws SQLException {
        return Sql.of(connection, """
                        select model, number from version
                        where parent_model = ? and (?::bigint is null and model <> ? or parent_number = ?::bigint)
                        order by model, number limit ?
                        """, model, number, model, number, References.limit())
                .list(row -> new VersionName(row.getString(1), row.getLong(2)));
    }

    private static String describe(VersionName child) {
        return child.shortName() + " was fine-tuned from it (rootstock models delete " + child.shortName() + ")";
    }

    private static List<References.JobReference> jobs(Connection connection, String model, Long number)
            throws SQLException {
        return Sql.of(connection, """
                        select id, state from job join training on training.job = job.id
                        where base_model = ? and (?::bigint is null or base_number = ?::bigint) and state <> 'SUCCEEDED'
                        order by job.number limit ?
                        """, model, number, number, References.limit())
                .list(References.JobReference::read);
    }
}
