package io.rootstock.bench.controlplane;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.files.FileTree;
import io.rootstock.postgres.EmbeddedPostgres;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ReadMetricsRequest;
import io.rootstock.registry.v1.StreamMetricsRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Reads of a job's metrics from a database with 1000 jobs of 5 series with 1000 points, and one job with a series of a
 * million points. Prints {@code read_ms= read_short_ms= stream_ms=}, medians of 11 reads.
 */
public final class MetricBenchmark {
    private static final int POINTS = 1_000_000;
    private static final int READS = 11;

    private MetricBenchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        Path home = Files.createTempDirectory("rootstock-metrics-");
        EmbeddedPostgres server = EmbeddedPostgres.start(home.resolve("postgres"), home.resolve("native"));
        try (Installation installation = new Installation(
                home, ProjectRoot.find(), OptionalInt.of(0), LargeDatabase.settings(home, server.dataSource()))) {
            installation.start(List.of(Service.REGISTRY));
            fill(server.dataSource());
            ManagedChannel channel = NettyChannelBuilder.forTarget(installation.endpoint(Service.REGISTRY))
                    .usePlaintext()
                    .build();
            report(JobServiceGrpc.newBlockingStub(channel));
            channel.shutdownNow();
        } finally {
            server.closeAtOnce();
            FileTree.delete(home);
        }
    }

    private static void report(JobServiceGrpc.JobServiceBlockingStub jobs) {
        ReadMetricsRequest.Builder read = ReadMetricsRequest.newBuilder().setMaxPoints(1000);
        StreamMetricsRequest stream =
                StreamMetricsRequest.newBuilder().setName("jobs/long").build();
        AtomicLong points = new AtomicLong();
        System.out.printf(
                "read_ms=%.0f%n",
                median(() -> points.addAndGet(
                        jobs.readMetrics(read.setName("jobs/long").build())
                                .getSeries(0)
                                .getPointsCount())));
        System.out.printf(
                "read_short_ms=%.1f%n",
                median(() -> points.addAndGet(
                        jobs.readMetrics(read.setName("jobs/job-500").build()).getSeriesCount())));
        points.set(0);
        System.out.printf(
                "stream_ms=%.0f%n",
                median(() -> jobs.streamMetrics(stream)
                        .forEachRemaining(response ->
                                points.addAndGet(response.getSeries().getPointsCount()))));
        if (points.get() != (long) READS * POINTS) {
            throw new IllegalStateException(points + " points were streamed");
        }
    }

    private static void fill(PGSimpleDataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    set search_path = registry;
                    set synchronous_commit = off;
                    insert into job (id, kind, model, state)
                        select 'job-' || n, 'PRETRAIN', '', 'SUCCEEDED' from generate_series(1, 1000) n;
                    insert into job (id, kind, model, state) values ('long', 'PRETRAIN', '', 'SUCCEEDED');
                    insert into training (job, spec, dataset_name) select id, '', '' from job;
                    insert into metric_series (job, name)
                        select id, 'metric-' || n from job, generate_series(1, 5) n where id <> 'long';
                    insert into metric_series (job, name) values ('long', 'training/loss');
                    insert into metric_point
                        select id, step, clock_timestamp(), random() from generate_series(1, 1000) step, metric_series
                        where job <> 'long';
                    insert into metric_point
                        select id, step, clock_timestamp(), random() from metric_series, generate_series(1, %d) step
                        where job = 'long'
                    """.formatted(POINTS));
            statement.execute("vacuum analyze");
            statement.execute("checkpoint");
        }
    }

    private static double median(Runnable read) {
        return LongStream.range(0, READS)
                .mapToDouble(i -> {
                    long begin = System.nanoTime();
                    read.run();
                    return (System.nanoTime() - begin) / 1e6;
                })
                .sorted()
                .skip(READS / 2)
                .findFirst()
                .getAsDouble();
    }
}
