package io.rootstock.registry.finetuning;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.outbox.EventType;
import io.rootstock.registry.outbox.WebhookOutbox;
import io.rootstock.registry.v1.FineTuningError;
import io.rootstock.registry.v1.FineTuningSpec;
import io.rootstock.registry.v1.FineTuningState;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Rows of {@code fine_tuning}. A change that ends a fine-tuning job stores its event for webhooks. */
final class FineTuningRepository {
    /** The state of {@link FineTuningView}. */
    private static final String STATE = """
            case when fine_tuning.state <> 'TRAINING' then fine_tuning.state
                else case coalesce(job.state, 'FAILED')
                    when 'VALIDATING' then 'QUEUED'
                    when 'SUCCEEDED' then 'RUNNING'
                    when 'NEEDS_RECOVERY' then 'PAUSED'
                    else coalesce(job.state, 'FAILED') end
            end""";

    /** Fields of filters and orders; the list begins with the newest fine-tuning job. */
    static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, "('fineTuningJobs/' || fine_tuning.id)"),
                    Field.of("state", FineTuningState.class, STATE),
                    new Field<>("output_model", FieldType.TEXT, "fine_tuning.output_model"),
                    new Field<>("job", FieldType.TEXT, "coalesce('jobs/' || fine_tuning.job, '')"),
                    new Field<>("version", FieldType.TEXT, "coalesce(fine_tuning.version, '')"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "fine_tuning.create_time"),
                    new Field<>("metadata", FieldType.TAGS, "fine_tuning.metadata")),
            new Field<>("number", FieldType.INTEGER, "fine_tuning.number"),
            true);

    private static final String LISTED = "fine_tuning left join job on job.id = fine_tuning.job";

    private FineTuningRepository() {}

    /**
     * Adds a row.
     *
     * @param metadata the spec's metadata as a JSON object
     * @param validationFile id of the file; null: none
     */
    static void insert(
            Connection connection,
            String id,
            FineTuningSpec spec,
            String metadata,
            String trainingFile,
            String validationFile,
            String outputModel,
            String owner)
            throws SQLException {
        Sql.of(connection, """
                        insert into fine_tuning
                            (id, spec, metadata, training_file, validation_file, state, output_model, owner)
                        values (?, ?, ?::jsonb, ?, ?, 'VALIDATING_FILES', ?, ?)
                        """, id, spec.toByteArray(), metadata, trainingFile, validationFile, outputModel, owner)
                .update();
    }

    static Optional<FineTuningRow> find(Connection connection, String id) throws SQLException {
        return Sql.of(connection, "select * from fine_tuning where id = ?", id).first(FineTuningRepository::row);
    }

    /** Reads the row and locks it until the commit. */
    static Optional<FineTuningRow> lock(Connection connection, String id) throws SQLException {
        return Sql.of(connection, "select * from fine_tuning where id = ? for update", id)
                .first(FineTuningRepository::row);
    }

    /** Returns the query for the page after a row; empty if it does not exist. */
    static Optional<PageQuery> after(Connection connection, PageQuery page, String id) throws SQLException {
        return page.after(connection, LISTED, "fine_tuning.id = ?", id);
    }

    /**
     * Returns the rows of a page.
     *
     * @param owner filter; empty: all
     * @param metadata JSON object whose entries the metadata must have
     * @param page query with the {@link #FIELDS}
     */
    static List<FineTuningRow> list(Connection connection, String metadata, String owner, PageQuery page)
            throws SQLException {
        return page
                .read(
                        connection,
                        "fine_tuning.*",
                        LISTED,
                        "fine_tuning.metadata @> ?::jsonb and ? in ('', fine_tuning.owner)",
                        List.of(metadata, owner),
                        FineTuningRepository::row)
                .stream()
                .map(PageQuery.Listed::item)
                .toList();
    }

    /** Returns rows whose files are not validated yet, oldest first. */
    static List<FineTuningRow> validating(Connection connection) throws SQLException {
        return Sql.of(connection, "select * from fine_tuning where state = 'VALIDATING_FILES' order by number")
                .list(FineTuningRepository::row);
    }

    /** Returns rows whose training job has succeeded and whose version is not promoted yet. */
    static List<FineTuningRow> trained(Connection connection) throws SQLException {
        return Sql.of(connection, """
                        select fine_tuning.* from fine_tuning join job on job.id = fine_tuning.job
                        where fine_tuning.state = 'TRAINING' and job.state = 'SUCCEEDED' order by fine_tuning.number
                        """).list(FineTuningRepository::row);
    }

    /** Stores the training job; returns false if the files are not being validated any more. */
    static boolean begin(Connection connection, String id, String job) throws SQLException {
        boolean begun = Sql.of(connection, """
                                update fine_tuning
                                set state = 'TRAINING', job = ?, validate_time = clock_timestamp()
                                where id = ? and state = 'VALIDATING_FILES'
                                """, job, id).update() == 1;
        if (begun) {
            WebhookOutbox.trainingBegun(connection, id, job);
        }
        return begun;
    }

    static void succeed(Connection connection, String id, String version, String resultFile, long tokens)
            throws SQLException {
        Sql.of(connection, """
                        update fine_tuning
                        set state = 'SUCCEEDED', version = ?, result_file = ?, trained_tokens = ?,
                            finish_time = clock_timestamp()
                        where id = ?
                        """, version, resultFile, tokens, id).update();
        WebhookOutbox.put(connection, EventType.FINE_TUNING_JOB_SUCCEEDED, id);
    }

    /** Fails a row unless it has ended. */
    static void fail(Connection connection, String id, FineTuningError error) throws SQLException {
        boolean failed = Sql.of(connection, """
                                update fine_tuning set state = 'FAILED', error = ?, finish_time = clock_timestamp()
                                where id = ? and state in ('VALIDATING_FILES', 'TRAINING')
                                """, error.toByteArray(), id).update() == 1;
        if (failed) {
            WebhookOutbox.put(connection, EventType.FINE_TUNING_JOB_FAILED, id);
        }
    }

    /** Cancels a row whose files are being validated. */
    static void cancel(Connection connection, String id) throws SQLException {
        boolean cancelled = Sql.of(connection, """
                                update fine_tuning set state = 'CANCELLED', finish_time = clock_timestamp()
                                where id = ? and state = 'VALIDATING_FILES'
                                """, id).update() == 1;
        if (cancelled) {
            WebhookOutbox.put(connection, EventType.FINE_TUNING_JOB_CANCELLED, id);
        }
    }

    private static FineTuningRow row(ResultSet row) throws SQLException {
        try {
            byte[] error = row.getBytes("error");
            return new FineTuningRow(
                    row.getString("id"),
                    row.getLong("number"),
                    FineTuningSpec.parseFrom(row.getBytes("spec")),
                    FineTuningRow.State.valueOf(row.getString("state")),
                    row.getString("output_model"),
                    row.getString("owner"),
                    error == null ? Optional.empty() : Optional.of(FineTuningError.parseFrom(error)),
                    Optional.ofNullable(row.getString("job")),
                    Optional.ofNullable(row.getString("version")),
                    Optional.ofNullable(row.getString("result_file")),
                    row.getLong("trained_tokens"),
                    Sql.timestamp(row, "create_time"),
                    time(row, "validate_time"),
                    time(row, "finish_time"));
        } catch (InvalidProtocolBufferException e) {
            throw new SQLException("fine_tuning does not contain a valid message", e);
        }
    }

    private static Optional<Timestamp> time(ResultSet row, String column) throws SQLException {
        return row.getObject(column) == null ? Optional.empty() : Optional.of(Sql.timestamp(row, column));
    }
}
