package io.rootstock.registry.resource;

import com.google.protobuf.Timestamp;
import io.rootstock.names.ResourceName;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.ReleaseResourceRequest;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Rows of {@code released_resource}: datasets and tokenizers that the tokenizer service may delete.
 *
 * <p>Invariant: a transaction that refers to a resource, or releases it, holds a lock of the resource's name until its
 * commit. So either the reference is committed first and the release is rejected, or the resource is released first and
 * the reference is rejected.
 */
@ApplicationScoped
public class ReleasedResources {
    private static final String DATASETS = "datasets";
    private static final String TOKENIZERS = "tokenizers";

    private final Database database;

    /** Creates the operations on a database. */
    @Inject
    public ReleasedResources(Database database) {
        this.database = database;
    }

    /** Releases a dataset or tokenizer; FAILED_PRECONDITION names the jobs and versions that refer to it. */
    public void release(ReleaseResourceRequest request) {
        String name = request.getName();
        boolean isDataset = name.startsWith(DATASETS + "/");
        RequestNames.parse(name, "name", text -> ResourceName.parse(isDataset ? DATASETS : TOKENIZERS, text));
        if (!request.hasCreateTime()) {
            throw Errors.invalidArgument("create_time", "must be the create_time of " + name);
        }
        database.write(connection -> {
            Sql.of(connection, "select pg_advisory_xact_lock(hashtextextended(?, 0))", name)
                    .list(row -> "");
            References references = new References(name);
            if (isDataset) {
                references.add(jobs(connection, name), job -> job.describe("uses it"));
            } else {
                references.add(
                        versions(connection, name),
                        version -> version + " uses it (rootstock models delete " + version + ")");
            }
            references.requireNone();
            Sql.of(connection, """
                            insert into released_resource (name, create_time) values (?, ?)
                            on conflict (name) do update
                                set create_time = greatest(released_resource.create_time, excluded.create_time)
                            """, name, instant(request.getCreateTime())).update();
            return null;
        });
    }

    /**
     * Locks a resource against its release until the commit; NOT_FOUND if it was released.
     *
     * @param createTime the resource's create_time as read from the tokenizer service; empty: unknown
     */
    public static void require(Connection connection, String name, Optional<Timestamp> createTime) throws SQLException {
        Sql.of(connection, "select pg_advisory_xact_lock_shared(hashtextextended(?, 0))", name)
                .list(row -> "");
        Optional<Instant> released = released(connection, name);
        if (released.isPresent()
                && !createTime
                        .map(ReleasedResources::instant)
                        .filter(time -> time.isAfter(released.get()))
                        .isPresent()) {
            throw Errors.notFound(name, "it was deleted; create it again, or use another");
        }
    }

    /** Whether a resource of this name was released; a newer one may exist. */
    public static boolean isReleased(Connection connection, String name) throws SQLException {
        return released(connection, name).isPresent();
    }

    private static Optional<Instant> released(Connection connection, String name) throws SQLException {
        return Sql.of(connection, "select create_time from released_resource where name = ?", name)
                .first(row -> instant(Sql.timestamp(row, "create_time")));
    }

    /** Returns jobs that have not succeeded: all of them can run, or run again, with their dataset. */
    private static List<References.JobReference> jobs(Connection connection, String dataset) throws SQLException {
        return Sql.of(connection, """
                        select id, state from job join training on training.job = job.id
                        where (dataset_name = ? or mixture_datasets @> array[?]::text[]) and state <> 'SUCCEEDED'
                        order by number limit ?
                        """, dataset, dataset, References.limit()).list(References.JobReference::read);
    }

    private static List<String> versions(Connection connection, String tokenizer) throws SQLException {
        return Sql.of(
                        connection,
                        "select model, number from version where tokenizer = ? order by model, number limit ?",
                        tokenizer,
                        References.limit())
                .list(row -> row.getString(1) + ":" + row.getLong(2));
    }

    /** Returns the time with PostgreSQL's precision. */
    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).truncatedTo(ChronoUnit.MICROS);
    }
}
