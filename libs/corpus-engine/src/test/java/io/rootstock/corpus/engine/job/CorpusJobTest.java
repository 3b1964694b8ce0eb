package io.rootstock.corpus.engine.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.rootstock.corpus.engine.DataEngine;
import io.rootstock.corpus.engine.JobCancelledException;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.JobFailedException;
import io.rootstock.corpus.engine.count.CountsJson;
import io.rootstock.corpus.engine.count.RemovedSample;
import io.rootstock.corpus.engine.count.StepCounts;
import io.rootstock.corpus.engine.fixture.Corpus;
import io.rootstock.corpus.engine.fixture.Corpus.Row;
import io.rootstock.corpus.engine.fixture.FixtureReaders;
import io.rootstock.corpus.engine.fixture.FixtureSteps;
import io.rootstock.corpus.engine.fixture.Jobs;
import io.rootstock.corpus.engine.fixture.Outputs;
import io.rootstock.corpus.engine.fixture.ShufflingEngine;
import io.rootstock.corpus.engine.job.CorpusSpec.SourceUnit;
import io.rootstock.corpus.engine.job.Duplicates.RepeatedLines;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorpusJobTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void survivorsEqualThoseOfTheNaiveJob(long seed) throws IOException {
        List<Row> rows = Corpus.rows(seed, 400);
        List<SourceUnit> units = Corpus.write(folder.resolve("in"), rows, 1 + (int) seed);
        Jobs.run(folder.resolve("work"), Jobs.spec(units, Jobs.ALL), 2, 3);
        assertThat(Outputs.texts(folder.resolve("work"))).isEqualTo(NaiveJob.run(rows, 5));
    }

    @Test
    void outputsAreEqualForAnyThreadsAndBuckets() throws IOException {
        List<SourceUnit> units = Corpus.write(folder.resolve("in"), Corpus.rows(9, 900), 7);
        for (Duplicates duplicates : List.of(Jobs.ALL, Jobs.VERIFIED)) {
            CorpusSpec spec = Jobs.spec(units, duplicates);
            Path reference = folder.resolve("reference" + duplicates.lines().isPresent());
            Jobs.run(reference, spec, 1, 1);
            Map<String, String> expected = Outputs.bytes(reference);
            assertThat(expected).hasSize(9);
            for (int threads = 1; threads <= 3; threads++) {
                for (int buckets : new int[] {16, 64}) {
                    Path work = folder.resolve("%s-%d-%d".formatted(reference.getFileName(), threads, buckets));
                    Jobs.run(work, spec, threads, buckets);
                    assertThat(Outputs.bytes(work)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void outputsAreEqualOnAnEngineThatSerialisesAndShuffles() throws IOException {
        List<SourceUnit> units = Corpus.write(folder.resolve("in"), Corpus.rows(9, 500), 5);
        for (Duplicates duplicates : List.of(Jobs.ALL, Jobs.VERIFIED)) {
            CorpusSpec spec = Jobs.spec(units, duplicates);
            Path local = folder.resolve("local" + duplicates.lines().isPresent());
            Jobs.run(local, spec, 2, 8);
            for (int seed = 0; seed < 2; seed++) {
                Path work = Files.createDirectories(local.resolveSibling(local.getFileName() + "-shuffled" + seed));
                DataEngine engine = new ShufflingEngine(work, seed);
                new CorpusJob(engine, work, spec, 5 + seed, JobControl.NONE).run();
                assertThat(Outputs.bytes(work)).isEqualTo(Outputs.bytes(local));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 23})
    void survivorsDoNotDependOnTheBoundsOfUnits(int units) throws IOException {
        List<Row> rows = Corpus.rows(4, 600);
        Jobs.run(folder.resolve("one"), Jobs.spec(Corpus.write(folder.resolve("in1"), rows, 1), Jobs.ALL), 2, 4);
        Jobs.run(folder.resolve("many"), Jobs.spec(Corpus.write(folder.resolve("in2"), rows, units), Jobs.ALL), 2, 4);
        assertThat(Outputs.texts(folder.resolve("many"))).isEqualTo(Outputs.texts(folder.resolve("one")));
    }

    @Test
    void theComponentsOfSimilarDocumentsDoNotDependOnTheirOrder() throws IOException {
        Random random = new Random(8);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String text = Corpus.text(random, 200);
            for (int copy = 0; copy <= i % 4; copy++) {
                rows.add(new Row(text, ""));
                text = Corpus.changed(random, text, 0.03);
            }
        }
        int expected = -1;
        for (int order = 0; order < 3; order++) {
            Path work = folder.resolve("work" + order);
            List<SourceUnit> units = Corpus.write(folder.resolve("in" + order), rows, 3);
            CorpusReport report = Jobs.run(work, Jobs.near(units, 0), 2, 4);
            expected = order == 0 ? (int) report.documents() : expected;
            assertThat(report.documents()).isEqualTo(expected);
            assertThat(Outputs.texts(work)).containsSubsequence(rows.getFirst().text());
            Collections.shuffle(rows, random);
        }
        assertThat(expected).isBetween(95, 105);
    }

    @Test
    void ofAChainOfSimilarDocumentsTheFirstStays() throws IOException {
        Random random = new Random(6);
        List<Row> rows = new ArrayList<>();
        List<String> words = new ArrayList<>(List.of(Corpus.text(random, 400).split("\\s")));
        for (int i = 0; i < 30; i++) {
            rows.add(new Row(String.join(" ", words), ""));
            words.subList(0, 8).clear();
            words.addAll(List.of(Corpus.text(random, 8).split("\\s")));
        }
        Path work = folder.resolve("work");
        CorpusReport report = Jobs.run(work, Jobs.near(Corpus.write(folder.resolve("in"), rows, 4), 0), 2, 4);
        assertThat(Outputs.texts(work)).containsExactly(rows.getFirst().text());
        StepCounts near = report.steps().getLast();
        assertThat(near.removed()).containsExactly(Map.entry("similar to an earlier document", 29L));
        assertThat(near.samples()).extracting(RemovedSample::duplicateOf).containsOnly("unit0.jsonl:1");
    }

    @Test
    void theReportCountsDocumentsBytesEditsAndReasonsOfEachStep() throws IOException {
        SourceUnit first = Corpus.write(folder.resolve("a.jsonl"), """
                {"text":"one two 34","url":"http://a.org"}
                {"text":"short"}
                not JSON
                {"text":"one two 34","url":"http://b.org"}
                {"title":"no text"}
                """);
        SourceUnit second = Corpus.write(folder.resolve("b.jsonl"), """
                {"text":"other text 5","url":"HTTP://A.org/#top"}
                {"text":"한국어 문서입니다","url":""}
                """);
        CorpusReport report = Jobs.run(
                folder.resolve("work"),
                Jobs.spec(List.of(first, second), new Duplicates(true, true, Optional.empty(), Optional.empty())),
                1,
                2);

        assertThat(report.refused()).isEqualTo(2);
        assertThat(report.firstRefused())
                .extracting("location", "reason")
                .containsExactly(
                        tuple("a.jsonl:3", "is not valid JSON; write one object a line"),
                        tuple("a.jsonl:5", "has no text; write the text in the field text"));
        assertThat(report.steps())
                .extracting(
                        StepCounts::step,
                        StepCounts::documentsIn,
                        StepCounts::bytesIn,
                        StepCounts::documentsOut,
                        StepCounts::bytesOut)
                .containsExactly(
                        tuple("read", 5L, 62L, 5L, 62L),
                        tuple("least-bytes", 5L, 62L, 4L, 57L),
                        tuple("mask-digits", 4L, 57L, 4L, 57L),
                        tuple("url-duplicates", 4L, 57L, 3L, 45L),
                        tuple("content-duplicates", 3L, 45L, 2L, 35L));
        assertThat(report.steps().get(1).removed()).containsExactly(Map.entry("too short", 1L));
        assertThat(report.steps().get(2).edits()).containsExactly(Map.entry("digit", 5L));
        assertThat(report.steps().get(3).samples())
                .containsExactly(new RemovedSample(
                        "b.jsonl:1", "HTTP://A.org/#top", "duplicate of an earlier document", "other text #", ""));
        assertThat(Outputs.texts(folder.resolve("work"))).containsExactly("one two ##", "한국어 문서입니다");
        assertThat(report.documents()).isEqualTo(2);
        assertThat(report.textBytes()).isEqualTo(35);
    }

    @Test
    void theManifestListsUnitsInOrderWithTheirDigests() throws IOException {
        Path work = folder.resolve("work");
        Jobs.run(work, Jobs.spec(Corpus.write(folder.resolve("in"), Corpus.rows(3, 100), 3), Jobs.ALL), 2, 4);
        CorpusManifest manifest =
                CountsJson.read(Files.readString(work.resolve("manifest.json")), CorpusManifest.class);
        assertThat(manifest.units())
                .extracting(CorpusManifest.OutputUnit::name)
                .containsExactly("unit0.jsonl", "unit1.jsonl", "unit2.jsonl");
        long first = 0;
        for (CorpusManifest.OutputUnit unit : manifest.units()) {
            assertThat(unit.firstDocument()).isEqualTo(first);
            assertThat(Files.size(work.resolve(unit.path()))).isEqualTo(unit.bytes());
            first += unit.documents();
        }
        assertThat(manifest.documents())
                .isEqualTo(first)
                .isEqualTo(Outputs.documents(work).size());
    }

    @Test
    void anAlteredFileOfAnyStageIsWrittenAgain() throws IOException {
        Path work = folder.resolve("work");
        CorpusSpec spec = Jobs.spec(Corpus.write(folder.resolve("in"), Corpus.rows(5, 300), 3), Jobs.ALL);
        Jobs.run(work, spec, 2, 4);
        Map<String, String> expected = Outputs.bytes(work);
        List<Path> files;
        try (Stream<Path> paths = Files.walk(work)) {
            files = paths.filter(Files::isRegularFile)
                    .filter(path -> !path.endsWith("lock"))
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(30);
        for (int i = 0; i < files.size(); i += 6) {
            byte[] bytes = Files.readAllBytes(files.get(i));
            bytes[bytes.length / 2] ^= 1;
            Files.write(files.get(i), bytes);
            Jobs.run(work, spec, 2, 4);
            assertThat(Outputs.bytes(work)).as(files.get(i).toString()).isEqualTo(expected);
        }
    }

    @Test
    void aFileThatIsDamagedWhileTheJobRunsIsReported() throws IOException {
        Path work = folder.resolve("work");
        CorpusSpec spec = Jobs.spec(Corpus.write(folder.resolve("in"), Corpus.rows(5, 300), 3), Jobs.ALL);
        JobControl damage = new JobControl(
                progress -> {
                    if (progress.stage().equals("read") && progress.done() == 3) {
                        truncate(work.resolve("read/000001.unit"));
                    }
                },
                () -> false);
        assertThatThrownBy(() -> Jobs.run(work, spec, 1, 4, damage))
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("stage repeated-lines-emit, unit1.jsonl")
                .hasMessageContaining("damaged or truncated")
                .hasMessageContaining("hint: run the job again");
        Jobs.run(work, spec, 1, 4);
        assertThat(Outputs.texts(work)).isEqualTo(NaiveJob.run(Corpus.rows(5, 300), 5));
    }

    private static void truncate(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aJobCancelledInAnyStageResumes() throws IOException {
        CorpusSpec spec = Jobs.spec(Corpus.write(folder.resolve("in"), Corpus.rows(2, 200), 3), Jobs.ALL);
        Jobs.run(folder.resolve("reference"), spec, 2, 4);
        Map<String, String> expected = Outputs.bytes(folder.resolve("reference"));
        Path work = folder.resolve("work");
        int cancellations = 0;
        boolean done = false;
        while (!done) {
            AtomicInteger events = new AtomicInteger();
            int stopAfter = ++cancellations * 5;
            JobControl control = new JobControl(progress -> events.incrementAndGet(), () -> events.get() >= stopAfter);
            try {
                Jobs.run(work, spec, 2, 4, control);
                done = true;
            } catch (JobCancelledException e) {
                assertThat(work.resolve("manifest.json")).doesNotExist();
            }
        }
        assertThat(cancellations).isGreaterThan(3);
        assertThat(Outputs.bytes(work)).isEqualTo(expected);
    }

    @Test
    void aCancelledTaskStopsWithinItsUnit() throws IOException {
        Path work = folder.resolve("work");
        CorpusSpec spec = Jobs.spec(Corpus.write(folder.resolve("in"), Corpus.rows(2, 200), 1), Jobs.ALL);
        AtomicInteger checks = new AtomicInteger();
        JobControl control = new JobControl(progress -> {}, () -> checks.incrementAndGet() > 50);
        assertThatThrownBy(() -> Jobs.run(work, spec, 1, 4, control)).isInstanceOf(JobCancelledException.class);
        assertThat(checks.get()).isLessThan(60);
        assertThat(work.resolve("read")).isEmptyDirectory();
        assertThat(work.resolve("receipts")).doesNotExist();
    }

    @Test
    void aSpecificationWithFewerUnitsLeavesNoOldOutput() throws IOException {
        List<SourceUnit> units = Corpus.write(folder.resolve("in"), Corpus.rows(2, 100), 4);
        Path work = folder.resolve("work");
        Jobs.run(work, Jobs.spec(units, Jobs.ALL), 2, 4);
        Jobs.run(work, Jobs.spec(units.subList(0, 2), Jobs.ALL), 2, 4);
        Jobs.run(folder.resolve("fresh"), Jobs.spec(units.subList(0, 2), Jobs.ALL), 2, 4);
        assertThat(Outputs.bytes(work)).isEqualTo(Outputs.bytes(folder.resolve("fresh")));
    }

    @Test
    void unitsWithoutDocumentsHaveEmptyFiles() throws IOException {
        SourceUnit empty = Corpus.write(folder.resolve("empty.jsonl"), "");
        SourceUnit one = Corpus.write(folder.resolve("one.jsonl"), "{\"text\":\"only this text\"}\n");
        SourceUnit last = Corpus.write(folder.resolve("last.jsonl"), "");
        for (Duplicates duplicates : List.of(Jobs.ALL, Jobs.VERIFIED, Duplicates.KEPT)) {
            Path work = folder.resolve("work" + duplicates.hashCode());
            CorpusReport report = Jobs.run(work, Jobs.spec(List.of(empty, one, last), duplicates), 2, 4);
            assertThat(report.documents()).isEqualTo(1);
            assertThat(Outputs.texts(work)).containsExactly("only this text");
        }
        Jobs.run(folder.resolve("none"), Jobs.spec(List.of(), Jobs.ALL), 1, 4);
        assertThat(folder.resolve("none/manifest.json")).exists();
    }

    @Test
    void aFailingStepNamesTheDocument() throws IOException {
        SourceUnit unit = Corpus.write(folder.resolve("a.jsonl"), "{\"text\":\"fine\"}\n{\"text\":\"boom\"}\n");
        CorpusSpec spec = new CorpusSpec(
                List.of(unit), FixtureReaders.JSON_LINES, List.of(FixtureSteps.failOn("boom")), Duplicates.KEPT);
        assertThatThrownBy(() -> Jobs.run(folder.resolve("work"), spec, 1, 1))
                .hasMessageContaining("stage read, a.jsonl: step fail-on failed on a.jsonl:2")
                .hasMessageContaining("found boom");
        assertThat(folder.resolve("work/read")).isEmptyDirectory();
    }

    @Test
    void unknownAndOutdatedComponentsAreRefused() throws IOException {
        SourceUnit unit = Corpus.write(folder.resolve("a.jsonl"), "{\"text\":\"fine\"}\n");
        ComponentSpec outdated = ComponentSpec.of("mask-digits", 2, Map.of());
        assertThatThrownBy(() -> run(unit, FixtureReaders.JSON_LINES, outdated))
                .hasMessageContaining("step mask-digits has version 3 here, and the job states 2");
        assertThatThrownBy(() -> run(unit, FixtureReaders.JSON_LINES, ComponentSpec.of("none", 1, Map.of())))
                .hasMessageContaining("unknown step none");
        assertThatThrownBy(() -> run(unit, ComponentSpec.of("tape", 1, Map.of()), FixtureSteps.MASK_DIGITS))
                .hasMessageContaining("unknown reader tape");
    }

    private void run(SourceUnit unit, ComponentSpec reader, ComponentSpec step) throws IOException {
        Jobs.run(
                folder.resolve("refused"), new CorpusSpec(List.of(unit), reader, List.of(step), Duplicates.KEPT), 1, 1);
    }

    @Test
    void invalidSpecificationsAreRefused() {
        SourceUnit unit = new SourceUnit("a", "a", "d", 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jobs.spec(List.of(unit, unit), Duplicates.KEPT))
                .withMessageContaining("two units have the name a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RepeatedLines(0))
                .withMessageContaining("mostDocuments is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jobs.near(List.of(unit), Double.NaN))
                .withMessageContaining("leastSimilarity is NaN");
    }
}
