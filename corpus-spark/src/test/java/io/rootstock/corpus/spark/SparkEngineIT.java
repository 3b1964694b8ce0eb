package io.rootstock.corpus.spark;

import static io.rootstock.corpus.spark.FixtureTasks.CONCATENATE;
import static io.rootstock.corpus.spark.FixtureTasks.WAIT;
import static io.rootstock.corpus.spark.FixtureTasks.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.engine.Exchange;
import io.rootstock.corpus.engine.JobCancelledException;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.JobFailedException;
import io.rootstock.corpus.engine.Progress;
import io.rootstock.corpus.engine.Receipt;
import io.rootstock.corpus.engine.Stage;
import io.rootstock.corpus.engine.TaskSpec;
import io.rootstock.corpus.engine.WorkUnit;
import io.rootstock.corpus.engine.local.LocalEngine;
import io.rootstock.corpus.engine.local.WorkDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("matrix")
class SparkEngineIT {
    private static JavaSparkContext context;

    @TempDir
    private Path folder;

    private WorkDirectory directory;
    private SparkEngine engine;

    @BeforeAll
    static void startSpark() {
        context = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("SparkEngineIT")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1"));
    }

    @AfterAll
    static void stopSpark() {
        context.stop();
    }

    @BeforeEach
    void openWorkDirectory() throws IOException {
        directory = WorkDirectory.open(folder.resolve("spark"));
        engine = new SparkEngine(context, directory);
    }

    @AfterEach
    void closeWorkDirectory() throws IOException {
        directory.close();
    }

    @Test
    void receiptsAreThoseOfTheLocalEngine() throws IOException {
        List<WorkUnit> units = units("aaa", "b", "cc", "dddd", "e");
        try (LocalEngine local = new LocalEngine(folder.resolve("local"), 2)) {
            assertThat(engine.each(WRITE, units, JobControl.NONE))
                    .isEqualTo(local.each(WRITE, units, JobControl.NONE))
                    .extracting(Receipt::name)
                    .containsExactly("aaa", "b", "cc", "dddd", "e");
            assertThat(engine.exchange(CONCATENATE, units, JobControl.NONE))
                    .isEqualTo(local.exchange(CONCATENATE, units, JobControl.NONE))
                    .extracting(Receipt::content)
                    .containsExactly(
                            "\"aaa-0 b-0 cc-0 dddd-0 e-0 \"", "\"\"", "\"aaa-2 b-2 cc-2 dddd-2 e-2 \"", "\"\"");
        }
        assertThat(folder.resolve("spark/files/dddd")).hasContent("dddd");
        assertThat(folder.resolve("spark/buckets/2")).hasSameBinaryContentAs(folder.resolve("local/buckets/2"));
    }

    @Test
    void anExchangeWithoutUnitsCollectsEmptyBuckets() throws IOException {
        assertThat(engine.each(WRITE, List.of(), JobControl.NONE)).isEmpty();
        assertThat(engine.exchange(CONCATENATE, List.of(), JobControl.NONE))
                .extracting(Receipt::content)
                .containsOnly("\"\"");
    }

    @Test
    void eitherEngineResumesTheOther() throws IOException {
        directory.close();
        try (LocalEngine local = new LocalEngine(folder.resolve("spark"), 1)) {
            local.each(WRITE, units("a", "b"), JobControl.NONE);
            local.exchange(CONCATENATE, units("a", "b"), JobControl.NONE);
        }
        openWorkDirectory();
        assertThat(runs(() -> engine.each(WRITE, units("a", "b", "c"), JobControl.NONE)))
                .isEqualTo(1);
        assertThat(runs(() -> engine.exchange(CONCATENATE, units("a", "b"), JobControl.NONE)))
                .isZero();
        Files.delete(folder.resolve("spark/buckets/1"));
        // Both units emit again, for the one bucket that is missing.
        assertThat(runs(() -> engine.exchange(CONCATENATE, units("a", "b"), JobControl.NONE)))
                .isEqualTo(3);
        directory.close();
        try (LocalEngine local = new LocalEngine(folder.resolve("spark"), 1)) {
            assertThat(runs(() -> local.each(WRITE, units("a", "b", "c"), JobControl.NONE)))
                    .isZero();
        }
    }

    @Test
    void progressCountsUnitsAndBytesOfEachStage() throws IOException {
        List<Progress> progress = Collections.synchronizedList(new ArrayList<>());
        JobControl control = new JobControl(progress::add, () -> false);
        engine.each(WRITE, units("a", "bbb", "cc"), control);
        assertThat(progress).extracting(Progress::done).containsExactly(1, 2, 3);
        assertThat(progress.getLast()).isEqualTo(new Progress("write", 3, 3, 6, 6));

        progress.clear();
        engine.exchange(CONCATENATE, units("a", "bbb", "cc"), control);
        assertThat(progress)
                .extracting(Progress::stage)
                .containsExactly(
                        "concatenate-emit",
                        "concatenate-emit",
                        "concatenate-emit",
                        "concatenate",
                        "concatenate",
                        "concatenate",
                        "concatenate");
        assertThat(progress.getLast().done()).isEqualTo(4);
        assertThat(progress.getLast().bytesDone())
                .isPositive()
                .isEqualTo(progress.getLast().bytes());
    }

    @Test
    void aCancelledJobStopsItsTasksAndKeepsFinishedUnits() throws IOException {
        AtomicBoolean cancelled = new AtomicBoolean();
        JobControl control = new JobControl(progress -> cancelled.set(true), cancelled::get);
        assertThatThrownBy(() -> engine.each(WAIT, units("quick", "slow", "slower"), control))
                .isInstanceOf(JobCancelledException.class);
        assertThat(runs(() -> engine.each(WAIT, units("quick"), JobControl.NONE)))
                .isZero();
    }

    @Test
    void aFailedUnitIsNamedAndRunsOnce() throws IOException {
        int runs = runs(() -> assertFailure(WRITE, units("bad"), "stage write, bad: bad:1: is not valid; correct it"));
        assertThat(runs).isEqualTo(1);
        assertFailure(WRITE, units("a", "full"), "hint: free space on the disk of " + folder.resolve("spark"));
        assertFailure(
                new Stage("write", TaskSpec.of("fixture.unknown", 1, Map.of())),
                units("a"),
                "stage write, a: unknown task fixture.unknown");
    }

    @Test
    void aFailedBucketIsNamed() {
        assertFailure(CONCATENATE, units("a", "bad"), "stage concatenate-emit, bad: bad:1: is not valid");
        assertFailure(FixtureTasks.exchange("2"), units("a", "b"), "stage concatenate, bucket 2 of 4: too many keys");
        assertThat(folder.resolve("spark/buckets/2")).doesNotExist();
    }

    private void assertFailure(Stage stage, List<WorkUnit> units, String message) {
        assertThatThrownBy(() -> engine.each(stage, units, JobControl.NONE))
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining(message);
    }

    private void assertFailure(Exchange exchange, List<WorkUnit> units, String message) {
        assertThatThrownBy(() -> engine.exchange(exchange, units, JobControl.NONE))
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining(message);
    }

    @FunctionalInterface
    private interface Run {
        void run() throws IOException;
    }

    private static int runs(Run run) throws IOException {
        int before = FixtureTasks.RUNS.get();
        run.run();
        return FixtureTasks.RUNS.get() - before;
    }

    private static List<WorkUnit> units(String... names) {
        return IntStream.range(0, names.length)
                .mapToObj(i -> new WorkUnit(i, names[i], "", "digest of " + names[i], names[i].length(), 0))
                .toList();
    }
}
