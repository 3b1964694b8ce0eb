package io.rootstock.corpus.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
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
import io.rootstock.corpus.engine.fixture.FixtureTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalEngineTest {
    private static final Stage WRITE = new Stage("write", FixtureTasks.WRITE);
    private static final Exchange CONCATENATE =
            new Exchange("concatenate", FixtureTasks.EMIT, FixtureTasks.CONCATENATE, 4);

    @TempDir
    private Path workspace;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void receiptsAreInUnitOrder(int threads) throws IOException {
        try (LocalEngine engine = new LocalEngine(workspace, threads)) {
            List<Receipt> receipts = engine.each(WRITE, units("aaa", "b", "cc"), JobControl.NONE);
            assertThat(receipts).extracting(Receipt::name).containsExactly("aaa", "b", "cc");
            assertThat(receipts)
                    .extracting(Receipt::content)
                    .containsExactly("{\"length\":3}", "{\"length\":1}", "{\"length\":2}");
            assertThat(workspace.resolve("files/cc")).hasContent("cc");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void eachBucketSeesTheArraysOfAllUnitsInUnitOrder(int threads) throws IOException {
        try (LocalEngine engine = new LocalEngine(workspace, threads)) {
            List<Receipt> receipts = engine.exchange(CONCATENATE, units("x", "y", "z"), JobControl.NONE);
            assertThat(receipts)
                    .extracting(Receipt::content)
                    .containsExactly("\"x-0 y-0 z-0 \"", "\"\"", "\"x-2 y-2 z-2 \"", "\"\"");
            assertThat(workspace.resolve("spill/concatenate")).doesNotExist();
            assertThat(workspace.resolve("receipts/concatenate-emit")).doesNotExist();
        }
    }

    @Test
    void aTaskWithAReceiptIsNotRunAgain() throws IOException {
        run(units("a", "b"));
        exchange(units("a", "b"));
        assertThat(runs(() -> run(units("a", "b")))).isZero();
        assertThat(runs(() -> exchange(units("a", "b")))).isZero();
        assertThat(runs(() -> run(units("a", "other")))).isEqualTo(1);
        assertThat(runs(() -> exchange(units("a", "other")))).isEqualTo(6);
    }

    @Test
    void anotherVersionOrParameterRunsTheTaskAgain() throws IOException {
        run(units("a"));
        Stage version = new Stage("write", TaskSpec.of("fixture.write", 2, Map.of()));
        Stage parameter = new Stage("write", TaskSpec.of("fixture.write", 1, Map.of("p", "1")));
        try (LocalEngine engine = new LocalEngine(workspace, 1)) {
            assertThat(runs(() -> engine.each(version, units("a"), JobControl.NONE)))
                    .isEqualTo(1);
            assertThat(runs(() -> engine.each(parameter, units("a"), JobControl.NONE)))
                    .isEqualTo(1);
        }
    }

    @Test
    void aDamagedReceiptOrFileRunsTheTaskAgain() throws IOException {
        run(units("a", "b"));
        Path receipt = workspace.resolve("receipts/write/000000.json");
        Path file = workspace.resolve("files/b");
        String original = Files.readString(receipt);

        Files.writeString(receipt, original.substring(0, original.length() / 2));
        assertThat(runs(() -> run(units("a", "b")))).isEqualTo(1);
        Files.writeString(receipt, original.replace("\"length\\\":1", "\"length\\\":7"));
        assertThat(Files.readString(receipt)).isNotEqualTo(original);
        assertThat(runs(() -> run(units("a", "b")))).isEqualTo(1);
        Files.writeString(receipt, "{}\n");
        assertThat(runs(() -> run(units("a", "b")))).isEqualTo(1);
        Files.write(receipt, new byte[] {(byte) 0xFF, 0, '\n'});
        assertThat(runs(() -> run(units("a", "b")))).isEqualTo(1);
        Files.writeString(file, "x");
        assertThat(runs(() -> run(units("a", "b")))).isEqualTo(1);
        Files.delete(file);
        assertThat(runs(() -> run(units("a", "b")))).isEqualTo(1);
        assertThat(file).hasContent("b");
        assertThat(receipt).hasContent(original);
    }

    @Test
    void progressCountsUnitsAndBytes() throws IOException {
        List<Progress> progress = new ArrayList<>();
        try (LocalEngine engine = new LocalEngine(workspace, 3)) {
            engine.each(WRITE, units("a", "bbb", "cc"), new JobControl(progress::add, () -> false));
        }
        assertThat(progress).extracting(Progress::done).containsExactly(1, 2, 3);
        assertThat(progress.getLast()).isEqualTo(new Progress("write", 3, 3, 6, 6));
    }

    @Test
    void aCancelledJobKeepsFinishedUnitsAndResumes() throws IOException {
        AtomicBoolean cancelled = new AtomicBoolean();
        JobControl control = new JobControl(progress -> cancelled.set(progress.done() == 2), cancelled::get);
        List<WorkUnit> units = units("a", "b", "c", "d");
        try (LocalEngine engine = new LocalEngine(workspace, 1)) {
            assertThatThrownBy(() -> engine.each(WRITE, units, control))
                    .isInstanceOf(JobCancelledException.class)
                    .hasMessageContaining("resumes");
            assertThat(runs(() -> engine.each(WRITE, units, JobControl.NONE))).isEqualTo(2);
        }
    }

    @Test
    void aFailedUnitIsNamedAndOthersAreKept() throws IOException {
        List<WorkUnit> units = units("a", "bad", "c");
        try (LocalEngine engine = new LocalEngine(workspace, 1)) {
            assertThatThrownBy(() -> engine.each(WRITE, units, JobControl.NONE))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessage("stage write, bad: bad:1: is not valid; correct it");
        }
        assertThat(workspace.resolve("receipts/write/000000.json")).exists();
        assertThat(workspace.resolve("receipts/write/000001.json")).doesNotExist();
    }

    @Test
    void anInterruptCancelsTheJob() throws IOException {
        try (LocalEngine engine = new LocalEngine(workspace, 2)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> engine.each(WRITE, units("a", "b"), JobControl.NONE))
                    .isInstanceOf(JobCancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aDirectoryInUseIsRefused() throws IOException {
        try (LocalEngine engine = new LocalEngine(workspace, 1)) {
            assertThatIOException()
                    .isThrownBy(() -> new LocalEngine(engine.workspace(), 1))
                    .withMessageContaining("in use by another job");
        }
        new LocalEngine(workspace, 1).close();
    }

    @Test
    void temporaryFilesOfAKilledProcessAreDeleted() throws IOException {
        Path partial = Files.createDirectories(workspace.resolve("files")).resolve(".a.123");
        Files.writeString(partial, "half");
        new LocalEngine(workspace, 1).close();
        assertThat(partial).doesNotExist();
    }

    @Test
    void invalidUsesAreRefused() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LocalEngine(workspace, 0))
                .withMessageContaining("threads is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Exchange("e", FixtureTasks.EMIT, FixtureTasks.CONCATENATE, 0))
                .withMessageContaining("0 buckets");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Stage("A/B", FixtureTasks.WRITE))
                .withMessageContaining("'A/B' is invalid");
        try (LocalEngine engine = new LocalEngine(workspace, 1)) {
            assertThatThrownBy(() -> engine.each(new Stage("s", FixtureTasks.EMIT), units("a"), JobControl.NONE))
                    .isInstanceOf(JobFailedException.class)
                    .hasMessageContaining("not a UnitTask");
            TaskSpec unknown = TaskSpec.of("none", 1, Map.of());
            assertThatThrownBy(() -> engine.each(new Stage("s", unknown), units("a"), JobControl.NONE))
                    .hasMessageContaining("unknown task none");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.each(WRITE, units("a", "b").subList(1, 2), JobControl.NONE))
                    .withMessageContaining("pass units in order");
        }
    }

    @Test
    void aJobWithoutUnitsHasEmptyBuckets() throws IOException {
        assertThat(run(List.of())).isEmpty();
        assertThat(exchange(List.of())).extracting(Receipt::content).containsOnly("\"\"");
    }

    private interface Action {
        Object run() throws IOException;
    }

    private static int runs(Action action) throws IOException {
        int before = FixtureTasks.RUNS.get();
        action.run();
        return FixtureTasks.RUNS.get() - before;
    }

    private List<Receipt> run(List<WorkUnit> units) throws IOException {
        try (LocalEngine engine = new LocalEngine(workspace, 2)) {
            return engine.each(WRITE, units, JobControl.NONE);
        }
    }

    private List<Receipt> exchange(List<WorkUnit> units) throws IOException {
        try (LocalEngine engine = new LocalEngine(workspace, 2)) {
            return engine.exchange(CONCATENATE, units, JobControl.NONE);
        }
    }

    private static List<WorkUnit> units(String... names) {
        List<String> list = Stream.of(names).toList();
        return IntStream.range(0, names.length)
                .mapToObj(i -> new WorkUnit(
                        i,
                        list.get(i),
                        "",
                        "digest of " + list.get(i),
                        list.get(i).length(),
                        0))
                .toList();
    }
}
