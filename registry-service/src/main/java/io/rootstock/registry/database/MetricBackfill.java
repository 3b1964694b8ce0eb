package io.rootstock.registry.database;

import com.google.protobuf.InvalidProtocolBufferException;
import io.rootstock.registry.event.EventScalars;
import io.rootstock.registry.event.Scalar;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.trainer.v1.RunEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * Migration 23: stores the metrics of the events that earlier registries have stored. The events stay as they are. Each job is
 * committed for itself, so that a registry that is stopped during a long migration continues at its next start.
 */
final class MetricBackfill implements JavaMigration {
    /** Points that are held in memory before they are written. */
    private static final int BATCH = 20_000;

    private static final int FETCHED_ROWS = 5000;

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("23");
    }

    @Override
    public String getDescription() {
        return "metrics of stored events";
    }

    @Override
    public Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws SQLException {
        try (Connection connection = context.getConfiguration().getDataSource().getConnection()) {
            connection.setSchema(Migrations.SCHEMA);
            connection.setAutoCommit(false);
            List<String> jobs = Sql.of(connection, """
                            select id from job where id not in (select job from metric_series) order by number
                            """).list(row -> row.getString(1));
            for (String job : jobs) {
                new Backfill(connection, job).run();
                connection.commit();
            }
        }
    }

    private record Key(String metric, long step) {}

    private record Value(OffsetDateTime time, double value) {}

    /** The backfill of one job. */
    private static final class Backfill {
        private final Connection connection;
        private final String job;
        private final Map<Key, Value> points = new LinkedHashMap<>();

        Backfill(Connection connection, String job) {
            this.connection = connection;
            this.job = job;
        }

        void run() throws SQLException {
            try (PreparedStatement query = connection.prepareStatement("""
                    select event_time, payload from job_event
                    where job = ? and source_sequence is not null order by sequence
                    """)) {
                query.setString(1, job);
                query.setFetchSize(FETCHED_ROWS);
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        add(row.getObject(1, OffsetDateTime.class), event(row.getBytes(2)));
                    }
                }
            }
            flush();
        }

        private void add(OffsetDateTime time, RunEvent event) throws SQLException {
            OptionalLong start = EventScalars.startStep(event);
            if (start.isPresent()) {
                flush();
                Sql.of(connection, """
                                delete from metric_point where step > ?
                                    and series in (select id from metric_series where job = ?)
                                """, start.getAsLong(), job).update();
            }
            for (Scalar scalar : EventScalars.scalars(event)) {
                points.put(new Key(scalar.metric(), scalar.step()), new Value(time, scalar.value()));
            }
            if (points.size() >= BATCH) {
                flush();
            }
        }

        private void flush() throws SQLException {
            if (points.isEmpty()) {
                return;
            }
            List<String> metrics = new ArrayList<>();
            List<Long> steps = new ArrayList<>();
            List<String> times = new ArrayList<>();
            List<String> values = new ArrayList<>();
            points.forEach((key, value) -> {
                metrics.add(key.metric());
                steps.add(key.step());
                times.add(value.time().toString());
                values.add(Double.toString(value.value()));
            });
            points.clear();
            Sql.of(connection, """
                            insert into metric_series (job, name) select distinct ?, name from unnest(?) as name
                            on conflict do nothing
                            """, job, metrics).update();
            Sql.of(connection, """
                            insert into metric_point (series, step, time, value)
                            select metric_series.id, point.step, point.time, point.value
                            from unnest(?, ?, (?::text[])::timestamptz[], (?::text[])::float8[])
                                as point (metric, step, time, value)
                            join metric_series on metric_series.job = ? and metric_series.name = point.metric
                            on conflict (series, step) do update set time = excluded.time, value = excluded.value
                            """, metrics, steps, times, values, job).update();
        }

        private static RunEvent event(byte[] payload) throws SQLException {
            try {
                return JobEvent.parseFrom(payload).getRunEvent();
            } catch (InvalidProtocolBufferException e) {
                throw new SQLException("job_event does not contain a valid event", e);
            }
        }
    }
}
