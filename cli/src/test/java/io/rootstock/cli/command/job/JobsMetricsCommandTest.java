package io.rootstock.cli.command.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.job.v1.JobKind;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetJobResponse;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.MetricPoint;
import io.rootstock.registry.v1.MetricSeries;
import io.rootstock.registry.v1.ReadMetricsRequest;
import io.rootstock.registry.v1.ReadMetricsResponse;
import io.rootstock.registry.v1.StreamMetricsRequest;
import io.rootstock.registry.v1.StreamMetricsResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobsMetricsCommandTest {
    private static final MetricSeries LOSS = MetricSeries.newBuilder()
            .setMetric("training/loss")
            .addPoints(point(1, 4.5))
            .addPoints(point(2, Double.NaN))
            .addPoints(point(3, 0.0003))
            .setTotalPoints(12_345)
            .build();

    private final List<String> requests = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Jobs())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void printsTheSummaryOfAllMetrics() {
        assertThat(run("one")).isZero();
        assertThat(requests).containsExactly("jobs/one [] 200");
        assertThat(out.toString().lines().toList().getLast().strip().split("\\s+"))
                .containsExactly("training/loss", "12345", "NaN", "NaN", "3e-4", "3");
    }

    @Test
    void printsThePointsOfAMetric() {
        assertThat(run("one", "--metric", "loss", "--points", "20")).isZero();
        assertThat(requests).containsExactly("jobs/one [loss] 20");
        assertThat(out.toString()).contains("4.5000", "NaN", "3e-4");
    }

    @Test
    void writesAllPointsToANewFile() throws IOException {
        Path file = directory.resolve("metrics.csv");
        assertThat(run("one", "--csv", file.toString())).isZero();
        assertThat(file).hasContent("""
                metric,step,time,value
                training/loss,1,1970-01-01T00:00:01Z,4.5
                training/loss,2,1970-01-01T00:00:02Z,NaN
                training/loss,3,1970-01-01T00:00:03Z,3.0E-4
                "test/a,b",9,1970-01-01T00:00:09Z,1.0
                """);
        assertThat(err.toString()).contains("wrote 4 points");
        assertThat(run("one", "--csv", file.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("already exists");
    }

    @Test
    void aRefusalCreatesNoFile() {
        Path file = directory.resolve("metrics.csv");
        assertThat(run("missing", "--csv", file.toString())).isNotZero();
        assertThat(Files.exists(file)).isFalse();
        assertThat(run("one", "--points", "3")).isEqualTo(2);
        assertThat(err.toString()).contains("--points must be 4 to 10000, was 3");
    }

    private int run(String... arguments) {
        String endpoint = "127.0.0.1:" + server.getPort();
        String[] all = Stream.of(
                        Stream.of("jobs", "metrics"),
                        Stream.of(arguments),
                        Stream.of("registry", "tokenizer", "trainer", "inference")
                                .flatMap(service -> Stream.of("--" + service + "-endpoint", endpoint)))
                .flatMap(part -> part)
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }

    private static MetricPoint point(long step, double value) {
        return MetricPoint.newBuilder()
                .setStep(step)
                .setValue(value)
                .setTime(Timestamp.newBuilder().setSeconds(step))
                .build();
    }

    private final class Jobs extends JobServiceGrpc.JobServiceImplBase {
        @Override
        public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
            observer.onNext(GetJobResponse.newBuilder()
                    .setJob(Job.newBuilder().setName(request.getName()).setKind(JobKind.JOB_KIND_PRETRAIN))
                    .build());
            observer.onCompleted();
        }

        @Override
        public void readMetrics(ReadMetricsRequest request, StreamObserver<ReadMetricsResponse> observer) {
            requests.add(request.getName() + " " + request.getMetricsList() + " " + request.getMaxPoints());
            observer.onNext(ReadMetricsResponse.newBuilder().addSeries(LOSS).build());
            observer.onCompleted();
        }

        @Override
        public void streamMetrics(StreamMetricsRequest request, StreamObserver<StreamMetricsResponse> observer) {
            if (request.getName().equals("jobs/missing")) {
                observer.onError(Status.NOT_FOUND.asRuntimeException());
                return;
            }
            observer.onNext(StreamMetricsResponse.newBuilder().setSeries(LOSS).build());
            observer.onNext(StreamMetricsResponse.newBuilder()
                    .setSeries(MetricSeries.newBuilder().setMetric("test/a,b").addPoints(point(9, 1)))
                    .build());
            observer.onCompleted();
        }
    }
}
