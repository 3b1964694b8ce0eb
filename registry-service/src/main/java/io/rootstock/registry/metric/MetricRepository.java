package io.rootstock.registry.metric;

import io.rootstock.registry.database.Sql;
import io.rootstock.registry.event.EventScalars;
import io.rootstock.registry.event.Scalar;
import io.rootstock.registry.v1.MetricPoint;
import io.rootstock.registry.v1.MetricSeries;
import io.rootstock.trainer.v1.RunEvent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Rows of {@code metric_series} and {@code metric_point}. The writer holds the lock of the job's row. */
public final class MetricRepository {
    /** Maximum number of series of a job; points of further names are skipped. */
    static final int MAX_SERIES = 1000;

    private MetricRepository() {}

    /** A series of a job. */
    record Series(long id, String name) {}

    /**
     * Stores the points of an event. A worker that resumes from a checkpoint replaces the points after its step.
     *
     * @param time time of the event
     */
    public static void store(Connection connection, String job, Instant time, RunEvent event) throws SQLException {
        OptionalLong start = EventScalars.startStep(event);
        if (start.isPresent()) {
            Sql.of(connection, """
                            delete from metric_point where step > ?
                                and series in (select id from metric_series where job = ?)
                            """, start.getAsLong(), job).update();
        }
        List<Scalar> points = EventScalars.scalars(event);
        if (points.isEmpty()) {
            return;
        }
        Map<String, Long> series = series(connection, job, points);
        List<Scalar> stored = points.stream()
                .filter(point -> series.containsKey(point.metric()))
                .toList();
        if (stored.isEmpty()) {
            return;
        }
        Sql.of(
                        connection,
                        """
                        insert into metric_point (series, step, time, value)
                        select series, ?, ?, value from unnest(?, (?::text[])::float8[]) as point (series, value)
                        on conflict (series, step) do update set time = excluded.time, value = excluded.value
                        """,
                        stored.getFirst().step(),
                        time,
                        stored.stream().map(point -> series.get(point.metric())).toList(),
                        stored.stream()
                                .map(point -> Double.toString(point.value()))
                                .toList())
                .update();
    }

    /** Deletes all series of a job. */
    public static void delete(Connection connection, String job) throws SQLException {
        Sql.of(connection, "delete from metric_point where series in (select id from metric_series where job = ?)", job)
                .update();
        Sql.of(connection, "delete from metric_series where job = ?", job).update();
    }

    /**
     * Returns series of a job, by name.
     *
     * @param metrics names, or their parts behind the last slash; empty: all
     */
    static List<Series> find(Connection connection, String job, List<String> metrics) throws SQLException {
        return Sql.of(connection, """
                        select id, name from metric_series
                        where job = ? and (cardinality(?) = 0 or name = any(?) or regexp_replace(name, '^.*/', '') = any(?))
                        order by name
                        """, job, metrics, metrics, metrics)
                .list(row -> new Series(row.getLong("id"), row.getString("name")));
    }

    /** Returns at most {@code limit} points after a step, in the order of steps. */
    static MetricSeries after(Connection connection, Series series, long step, int limit) throws SQLException {
        MetricSeries.Builder found = MetricSeries.newBuilder().setMetric(series.name());
        List<MetricPoint> points =
                Sql.of(connection, """
                        select step, time, value from metric_point where series = ? and step > ? order by step limit ?
                        """, series.id(), step, limit).list(MetricRepository::point);
        return found.addAllPoints(points).setTotalPoints(points.size()).build();
    }

    /**
     * Returns a series with at most {@code limit} points by M4 (Jugel et al., VLDB 2014): the range of steps is divided
     * into {@code limit / 4} groups of equal width, of which the first, the last, the smallest and the largest point are
     * read, so that a line chart of as many columns shows no difference.
     *
     * @param limit at least 4
     */
    static MetricSeries downsampled(Connection connection, Series series, int limit) throws SQLException {
        MetricSeries all = after(connection, series, -1, limit + 1);
        if (all.getPointsCount() <= limit) {
            return all;
        }
        MetricSeries.Builder found = MetricSeries.newBuilder().setMetric(series.name());
        List<MetricPoint> points = Sql.of(connection, """
                        with range as (select min(step) as low, max(step) + 1 as high from metric_point where series = ?),
                        groups as materialized (
                            select min(step) as first, max(step) as last, min(array[value, step]) as low,
                                max(array[value, step]) as high, count(*) as points
                            from metric_point, range where series = ?
                            group by width_bucket(step::float8, range.low::float8, range.high::float8, ?))
                        select step, time, value, (select sum(points) from groups) as total from metric_point
                        where series = ? and step in (
                            select unnest(array[first, last, low[2]::bigint, high[2]::bigint]) from groups)
                        order by step
                        """, series.id(), series.id(), limit / 4, series.id())
                .list(row -> {
                    found.setTotalPoints(row.getLong("total"));
                    return point(row);
                });
        return found.addAllPoints(points).build();
    }

    /** Returns the ids of the points' series by name; adds the missing ones up to the limit. */
    private static Map<String, Long> series(Connection connection, String job, List<Scalar> points)
            throws SQLException {
        List<String> names = points.stream().map(Scalar::metric).distinct().toList();
        Map<String, Long> ids = new HashMap<>();
        Sql.Row<Long> id = row -> ids.put(row.getString("name"), row.getLong("id"));
        Sql.of(connection, "select id, name from metric_series where job = ? and name = any(?)", job, names)
                .list(id);
        List<String> missing =
                names.stream().filter(name -> !ids.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            Sql.of(connection, """
                            insert into metric_series (job, name)
                            select ?, name from unnest(?) as name
                            limit greatest(0, ? - (select count(*) from metric_series where job = ?))
                            returning id, name
                            """, job, missing, MAX_SERIES, job).list(id);
        }
        return ids;
    }

    private static MetricPoint point(ResultSet row) throws SQLException {
        return MetricPoint.newBuilder()
                .setStep(row.getLong("step"))
                .setTime(Sql.timestamp(row, "time"))
                .setValue(row.getDouble("value"))
                .build();
    }
}
