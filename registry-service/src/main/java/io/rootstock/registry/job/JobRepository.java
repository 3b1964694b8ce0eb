package io.rootstock.registry.job;

import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.EnumNames;
import io.rootstock.names.ResourceName;
import io.rootstock.registry.database.DeletionMode;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.database.VisibleNames;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Rows of {@code job}, of every kind. Every change increments the revision, which is the job's etag. */
public final class JobRepository {
    private static final String LISTED = """
            job left join training on training.job = job.id left join job_schedule on job_schedule.job = job.id
            """;

    private JobRepository() {}

    static void insert(Connection connection, String id, JobKind kind, String model, String owner, JobState state)
            throws SQLException {
        Sql.of(
                        connection,
                        "insert into job (id, kind, model, owner, state) values (?, ?, ?, ?, ?)",
                        id,
                        EnumNames.of(kind),
                        model,
                        owner,
                        JobStates.column(state))
                .update();
    }

    /** Returns a job; empty if it does not exist. */
    public static Optional<JobRow> find(Connection connection, String id) throws SQLException {
        return Sql.of(connection, "select * from job where id = ?", id).first(JobRow::read);
    }

    /** Reads the job and locks its row against other writers until the commit. */
    public static Optional<JobRow> lock(Connection connection, String id) throws SQLException {
        return Sql.of(connection, "select * from job where id = ? for update", id)
                .first(JobRow::read);
    }

    /** Returns the jobs of a page that the caller may see. */
    static List<PageQuery.Listed<JobRow>> list(Connection connection, JobFilter filter, PageQuery page)
            throws SQLException {
        List<String> kinds = filter.kinds().stream().map(EnumNames::of).toList();
        List<String> states = filter.states().stream().map(JobStates::column).toList();
        return page.read(
                connection,
                "job.*",
                LISTED,
                "(cardinality(?) = 0 or kind = any(?)) and (cardinality(?) = 0 or state = any(?)) and (? = '' or ("
                        + JobFilter.OUTPUT_MODEL + ") = ?)"
                        + " and (? in ('', dataset_name) or mixture_datasets @> array[?]::text[]) and "
                        + VisibleNames.condition("model"),
                List.of(
                        kinds,
                        kinds,
                        states,
                        states,
                        filter.outputModel(),
                        filter.outputModel(),
                        filter.dataset(),
                        filter.dataset(),
                        VisibleNames.prefixes(ResourceName.MODELS)),
                JobRow::read);
    }

    static void setState(Connection connection, String id, JobState state, String message) throws SQLException {
        Sql.of(connection, """
                        update job set state = ?, message = ?, revision = revision + 1, update_time = clock_timestamp()
                        where id = ?
                        """, JobStates.column(state), message, id).update();
    }

    /** Increments the job's last sequence number and returns it. */
    static long nextSequence(Connection connection, String id) throws SQLException {
        return Sql.of(connection, """
                        update job set last_sequence = last_sequence + 1, events_removed = false, revision = revision + 1,
                            update_time = clock_timestamp()
                        where id = ? returning last_sequence
                        """, id).one(row -> row.getLong(1));
    }

    /** Increments the revision of a job whose kind's rows have changed. */
    public static void touch(Connection connection, String id) throws SQLException {
        Sql.of(connection, "update job set revision = revision + 1, update_time = clock_timestamp() where id = ?", id)
                .update();
    }

    /** Deletes jobs with their events; the rows of their kinds are deleted before. */
    public static void delete(Connection connection, List<String> ids) throws SQLException {
        DeletionMode.begin(connection);
        Sql.of(connection, "delete from job_event where job = any(?)", ids).update();
        Sql.of(connection, "delete from job where id = any(?)", ids).update();
    }
}
