package io.rootstock.registry.metric;

import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.MetricSeries;
import io.rootstock.registry.v1.ReadMetricsRequest;
import io.rootstock.registry.v1.StreamMetricsRequest;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads the metrics of jobs. */
@ApplicationScoped
public class Metrics {
    private static final int DEFAULT_POINTS = 1000;
    private static final int MAX_POINTS = 10_000;
    private static final int MIN_POINTS = 4;
    /** Points of all series of a response, about 3 MiB. */
    private static final int RESPONSE_POINTS = 80_000;

    private static final int BATCH = 5000;
    private static final int MAX_NAMES = 100;

    private final Database database;

    /** Creates the operations. */
    @Inject
    public Metrics(Database database) {
        this.database = database;
    }

    /** Returns series of a job, downsampled to the requested number of points; NOT_FOUND if the job does not exist. */
    public List<MetricSeries> read(ReadMetricsRequest request) {
        int requested = request.getMaxPoints() == 0 ? DEFAULT_POINTS : request.getMaxPoints();
        if (requested < MIN_POINTS || requested > MAX_POINTS) {
            throw Errors.invalidArgument(
                    "max_points",
                    "must be " + MIN_POINTS + " to " + MAX_POINTS + ", or 0 for " + DEFAULT_POINTS + ", was "
                            + request.getMaxPoints());
        }
        return database.read(connection -> {
            List<MetricRepository.Series> found = find(connection, request.getName(), request.getMetricsList());
            int limit = Math.min(requested, RESPONSE_POINTS / Math.max(1, found.size()));
            List<MetricSeries> series = new ArrayList<>();
            for (MetricRepository.Series one : found) {
                series.add(MetricRepository.downsampled(connection, one, limit));
            }
            return series;
        });
    }

    /** Calls {@code each} with all points of series of a job, series by series; NOT_FOUND if the job does not exist. */
    public void stream(StreamMetricsRequest request, Consumer<MetricSeries> each) {
        List<MetricRepository.Series> found =
                database.read(connection -> find(connection, request.getName(), request.getMetricsList()));
        for (MetricRepository.Series series : found) {
            long step = -1;
            MetricSeries batch;
            do {
                long after = step;
                batch = database.read(connection -> MetricRepository.after(connection, series, after, BATCH));
                if (batch.getPointsCount() > 0) {
                    each.accept(batch);
                    step = batch.getPoints(batch.getPointsCount() - 1).getStep();
                }
            } while (batch.getPointsCount() == BATCH);
        }
    }

    private static List<MetricRepository.Series> find(Connection connection, String name, List<String> metrics)
            throws SQLException {
        if (metrics.size() > MAX_NAMES) {
            throw Errors.invalidArgument("metrics", "must have at most " + MAX_NAMES + " names");
        }
        String job = RequestNames.id("jobs", name, "name");
        String _ = Sql.of(connection, "select id from job where id = ?", job)
                .first(row -> row.getString(1))
                .orElseThrow(() -> Errors.notFound(name, "list the jobs with `rootstock jobs list`"));
        List<MetricRepository.Series> found = MetricRepository.find(connection, job, metrics);
        for (String metric : metrics) {
            if (found.stream()
                    .noneMatch(series ->
                            series.name().equals(metric) || series.name().endsWith("/" + metric))) {
                throw Errors.notFound(
                        "metric '" + metric + "' of " + name,
                        "read all metrics of the job with `rootstock jobs metrics " + job + "`");
            }
        }
        return found;
    }
}
