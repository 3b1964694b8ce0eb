package io.rootstock.registry.metric;

import static io.rootstock.registry.RegistryHarness.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.RecordedPeers;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.DeleteJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.MetricPoint;
import io.rootstock.registry.v1.MetricSeries;
import io.rootstock.registry.v1.ReadMetricsRequest;
import io.rootstock.registry.v1.StreamMetricsRequest;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunProgress;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.Task;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private RecordedPeers peers;
    private String run;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        peers = registry.peers();
        peers.put(Dataset.newBuilder()
                .setName("datasets/text")
                .setKind(DatasetKind.DATASET_KIND_PRETRAINING)
                .setTokenizer("tokenizers/bytes")
                .setDigest("sha256:" + "a".repeat(64))
                .build());
        run = registry.jobs()
                .createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset("datasets/text")
                                .setOutputModel("models/base"))
                        .build())
                .getJob()
                .getName()
                .substring("jobs/".length());
        eventually(() -> peers.hasRun(run));
        peers.emit(run, RunState.RUN_STATE_RUNNING);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void theEventsOfARunBecomeSeries() {
        resolved(0);
        progress(1, 4.5);
        progress(2, Double.NaN);
        peers.emit(
                run,
                RunEvent.newBuilder()
                        .setEvaluation(RunEvaluation.newBuilder()
                                .setStep(2)
                                .setSplit("validation")
                                .setLoss(3.5)
                                .setBitsPerByte(1.25)
                                .putMetrics("accuracy", 0.5)
                                .putMetrics("bad\0name", 1)
                                .putMetrics("long".repeat(100), 1)));
        progress(3, 2.5);
        awaitStep(3);
        List<MetricSeries> all = read(0);
        assertThat(all)
                .extracting(MetricSeries::getMetric)
                .containsExactly(
                        "cost/dollars_spent",
                        "speed/model_flops_utilization",
                        "speed/tokens_per_second",
                        "training/gradient_norm",
                        "training/learning_rate",
                        "training/loss",
                        "training/tokens",
                        "validation/accuracy",
                        "validation/bits_per_byte",
                        "validation/loss");
        assertThat(read(0, "training/learning_rate").getFirst().getPointsList())
                .extracting(MetricPoint::getValue)
                .containsExactly(0.001, 0.002, 0.003);
        assertThat(read(0, "training/tokens", "cost/dollars_spent"))
                .extracting(series -> series.getPoints(2).getValue())
                .containsExactly(0.03, 6144.0);
        List<MetricSeries> losses = read(0, "loss");
        assertThat(losses).extracting(MetricSeries::getMetric).containsExactly("training/loss", "validation/loss");
        assertThat(losses.getFirst().getPointsList())
                .extracting(MetricPoint::getValue)
                .containsExactly(4.5, Double.NaN, 2.5);
        assertThat(losses.getFirst().getPoints(0).getTime().getSeconds()).isPositive();
        assertThat(losses.getFirst().getTotalPoints()).isEqualTo(3);
    }

    @Test
    void aResumedWorkerReplacesThePointsAfterItsCheckpoint() {
        resolved(0);
        for (int step = 1; step <= 30; step++) {
            progress(step, step);
        }
        resolved(20);
        progress(23, -23);
        progress(30, -30);
        eventually(() -> read(0).stream()
                .flatMap(series -> series.getPointsList().stream())
                .anyMatch(point -> point.getValue() == -30));
        assertThat(read(0, "training/loss").getFirst().getPointsList().subList(18, 22))
                .extracting(MetricPoint::getStep, MetricPoint::getValue)
                .containsExactly(tuple(19L, 19.0), tuple(20L, 20.0), tuple(23L, -23.0), tuple(30L, -30.0));
    }

    @Test
    void aLongSeriesIsDownsampledWithItsExtremesAndStreamedWhole() throws SQLException {
        int points = 12_000;
        progress(0, 0);
        awaitStep(0);
        execute("""
                insert into registry.metric_point
                select id, step, clock_timestamp(), case step when 7777 then 1000 when 5555 then -1000 else sin(step) end
                from registry.metric_series, generate_series(1, %d) as step where name = 'training/loss'
                """.formatted(points - 1));
        MetricSeries series = read(200, "training/loss").getFirst();
        assertThat(series.getTotalPoints()).isEqualTo(points);
        assertThat(series.getPointsCount()).isBetween(100, 200);
        assertThat(series.getPointsList()).isSortedAccordingTo((a, b) -> Long.compare(a.getStep(), b.getStep()));
        assertThat(series.getPointsList())
                .extracting(MetricPoint::getStep)
                .contains(0L, 5555L, 7777L, points - 1L)
                .doesNotHaveDuplicates();
        // Every group of 240 steps has its smallest and largest point.
        int width = points / 50;
        for (int group = 0; group < 50; group++) {
            double largest = -1000;
            for (int step = group * width; step < (group + 1) * width; step++) {
                largest = Math.max(largest, step == 7777 ? 1000 : step == 5555 ? -1000 : Math.sin(step));
            }
            double expected = largest;
            int wanted = group;
            assertThat(series.getPointsList().stream().filter(point -> point.getStep() / width == wanted))
                    .anyMatch(point -> Math.abs(point.getValue() - expected) < 1e-12);
        }
        List<MetricPoint> streamed = new ArrayList<>();
        registry.jobs()
                .streamMetrics(StreamMetricsRequest.newBuilder()
                        .setName("jobs/" + run)
                        .addMetrics("training/loss")
                        .build())
                .forEachRemaining(
                        response -> streamed.addAll(response.getSeries().getPointsList()));
        assertThat(streamed).hasSize(points);
        assertThat(streamed.get(7777).getValue()).isEqualTo(1000);
    }

    @Test
    void invalidRequestsNameTheirField() {
        assertRefused(request().setMaxPoints(3), Status.Code.INVALID_ARGUMENT, "max_points");
        assertRefused(request().setMaxPoints(10_001), Status.Code.INVALID_ARGUMENT, "max_points");
        assertRefused(request().setName("models/base"), Status.Code.INVALID_ARGUMENT, "name");
        assertRefused(request().setName("jobs/missing"), Status.Code.NOT_FOUND, "jobs/missing");
        assertRefused(request().addMetrics("training/lost"), Status.Code.NOT_FOUND, "training/lost");
        assertRefused(
                request().addAllMetrics(Collections.nCopies(101, "loss")), Status.Code.INVALID_ARGUMENT, "metrics");
        assertThat(read(0)).isEmpty();
    }

    @Test
    void aDeletedJobHasNoPoints() throws SQLException {
        progress(1, 2);
        awaitStep(1);
        registry.jobs()
                .cancelJob(CancelJobRequest.newBuilder().setName("jobs/" + run).build());
        eventually(() -> registry.jobs()
                        .getJob(GetJobRequest.newBuilder()
                                .setName("jobs/" + run)
                                .build())
                        .getJob()
                        .getState()
                == JobState.JOB_STATE_CANCELLED);
        registry.jobs()
                .deleteJob(DeleteJobRequest.newBuilder().setName("jobs/" + run).build());
        assertThat(count("metric_point")).isZero();
        assertThat(count("metric_series")).isZero();
    }

    private void resolved(long step) {
        peers.emit(
                run, RunEvent.newBuilder().setResolved(RunResolved.newBuilder().setStartStep(step)));
    }

    private void progress(long step, double loss) {
        peers.emit(
                run,
                RunEvent.newBuilder()
                        .setProgress(RunProgress.newBuilder()
                                .setStep(step)
                                .setTokens(step * 2048)
                                .setLoss(loss)
                                .setLearningRate(step / 1000.0)
                                .setDollarsSpent(step / 100.0)));
    }

    private void awaitStep(long step) {
        eventually(() -> {
            List<MetricSeries> series = read(0);
            return series.stream()
                    .filter(one -> one.getMetric().equals("training/loss"))
                    .anyMatch(one -> one.getPoints(one.getPointsCount() - 1).getStep() == step);
        });
    }

    private ReadMetricsRequest.Builder request() {
        return ReadMetricsRequest.newBuilder().setName("jobs/" + run);
    }

    private List<MetricSeries> read(int points, String... metrics) {
        return registry.jobs()
                .readMetrics(request()
                        .setMaxPoints(points)
                        .addAllMetrics(List.of(metrics))
                        .build())
                .getSeriesList();
    }

    private void assertRefused(ReadMetricsRequest.Builder request, Status.Code code, String text) {
        assertThatThrownBy(() -> registry.jobs().readMetrics(request.build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
                    assertThat(failure.getStatus().getCode()).isEqualTo(code);
                    assertThat(failure.getStatus().getDescription()).contains(text);
                });
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long count(String table) throws SQLException {
        try (Connection connection = registry.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from registry." + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}
