package io.rootstock.evaluator.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.evaluation.task.score.TaskScores;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.EvaluationSuccess;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluation.v1.TrainingData;
import io.rootstock.evaluator.TestDatasets;
import io.rootstock.evaluator.TestModels;
import io.rootstock.evaluator.TestRegistry;
import io.rootstock.evaluator.TestSuite;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged evaluator with the packaged inference service and a model of random weights. */
@Timeout(300)
class EvaluatorIT {
    private static final List<String> TASKS =
            List.of("choice", "cloze", "documents", "answers", "core-choice", "core-schema", "core-cloze");
    private static final int TOTAL = TASKS.size() * TestSuite.ROWS;
    private static final String FROM_MODEL = "rootstock_evaluator_rows_total{source=\"model\"}";
    private static final String FROM_CACHE = "rootstock_evaluator_rows_total{source=\"cache\"}";
    /** Floating-point sums depend on the batch. */
    private static final double NEAR = 2e-3;

    @TempDir
    private Path home;

    @TempDir
    private Path scratch;

    private TestRegistry registry;
    private ArtifactStore store;
    private Version version;

    @BeforeEach
    void start() throws IOException {
        registry = new TestRegistry(30);
        store = new DirectoryArtifactStore(home.resolve("artifacts"));
        version = TestModels.version(store, scratch, TinyModel.random(5));
        registry.add(version);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private Evaluation evaluation(String name, EvaluationSpec.Builder spec) {
        return TestModels.evaluation(name, version, spec);
    }

    private List<RowRecord> records(EvaluationSuccess success) throws IOException {
        Path rows = store.verified(Digest.parse(success.getRows().getDigest()));
        assertThat(success.getRows().getBytes()).isEqualTo(Files.size(rows));
        List<RowRecord> records = new ArrayList<>();
        for (String line : Files.readAllLines(rows)) {
            records.add(RowRecords.fromJson(line, "rows", records.size() + 1L));
        }
        return records;
    }

    @Test
    void theResultsEqualThoseOfSingleCalls() throws IOException, InterruptedException {
        TestSuite suite = TestSuite.ofAllKinds(scratch.resolve("suite"));
        SuiteRevision revision = suite.store(store);
        EvaluationSuccess success;
        try (EvaluatorProcess evaluator = new EvaluatorProcess(home, registry.port())) {
            registry.queue(evaluation("evaluations/all", EvaluationSpec.newBuilder()), revision);
            FinishEvaluationRequest finish = registry.awaitFinish(0);
            assertThat(finish.getFailure().getMessage()).isEmpty();
            success = finish.getSuccess();
            assertThat(evaluator.get("/q/health/ready")).contains("\"UP\"");
            assertThat(evaluator.metric(FROM_MODEL)).isEqualTo(TOTAL);
            assertThat(evaluator.metric("rootstock_evaluator_evaluations_total{outcome=\"succeeded\"}"))
                    .isEqualTo(1);
            TestRegistry.await(() -> evaluator.children().isEmpty());
        }
        assertThat(success.getEngine()).startsWith("llama.cpp ");
        assertThat(success.getResultsList().stream().map(TaskResult::getTask)).containsExactlyElementsOf(TASKS);
        assertThat(success.getResultsList())
                .allSatisfy(result -> assertThat(result.getRows()).isEqualTo(TestSuite.ROWS));
        assertThat(success.getResults(0).getShots()).isEqualTo(2);
        assertThat(success.getResults(0).getMetrics(0).getChance()).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(registry.reports().stream().flatMap(report -> report.getResultsList().stream()))
                .isSubsetOf(success.getResultsList());

        List<RowRecord> records = records(success);
        assertThat(records).hasSize(TOTAL);
        for (TaskResult result : success.getResultsList()) {
            Map<String, Double> values = TaskScores.of(records.stream()
                            .filter(record -> record.task().equals(result.getTask()))
                            .toList())
                    .values();
            for (MetricResult metric : result.getMetricsList()) {
                if (!metric.getMetric().equals("chrf")) {
                    assertThat(metric.getValue())
                            .as(metric.getMetric())
                            .isCloseTo(values.get(metric.getMetric()), within(1e-9));
                }
            }
        }
        List<RowRecord> expected = SingleCalls.records(home, scratch, registry.port(), suite);
        assertThat(records.stream().map(RowRecord::requestHash))
                .containsExactlyElementsOf(
                        expected.stream().map(RowRecord::requestHash).toList());
        for (int i = 0; i < TOTAL; i++) {
            SingleCalls.assertNear(records.get(i), expected.get(i), NEAR);
        }
    }

    @Test
    @Tag("fault")
    void aKilledEvaluatorContinuesWithoutScoringRowsAgain() throws IOException, InterruptedException {
        TestSuite suite = TestSuite.ofAllKinds(scratch.resolve("suite"))
                .with(
                        "documents.jsonl",
                        ("{\"text\": \"" + "Some words of a long document. ".repeat(300) + "\"}\n").repeat(2))
                .with(
                        "cloze.jsonl",
                        IntStream.range(0, 400)
                                .mapToObj(i ->
                                        "{\"text\": \"The word number " + i + " is \", \"word\": \"w" + i + "\"}\n")
                                .collect(Collectors.joining()));
        SuiteRevision revision = suite.store(store);
        Evaluation evaluation = evaluation(
                "evaluations/killed",
                EvaluationSpec.newBuilder().addTasks("cloze").addTasks("documents"));
        int total = 402;
        List<ProcessHandle> children;
        long reported;
        try (EvaluatorProcess evaluator = new EvaluatorProcess(home, registry.port())) {
            registry.queue(evaluation, revision);
            TestRegistry.await(() -> registry.reports().stream()
                    .anyMatch(report -> report.getProgress().getRows() >= 20));
            children = evaluator.children();
            evaluator.kill();
            reported = registry.reports().getLast().getProgress().getRows();
        }
        assertThat(registry.finishes()).isEmpty();
        assertThat(children).hasSize(1);
        // The inference service ends with the evaluator, also after SIGKILL.
        TestRegistry.await(() -> !children.getFirst().isAlive());

        int claims = registry.claims().size();
        try (EvaluatorProcess evaluator = new EvaluatorProcess(home, registry.port())) {
            // The lease of the killed process is released before the first claim.
            TestRegistry.await(() -> !registry.releases().isEmpty());
            registry.queue(evaluation, revision);
            EvaluationSuccess success = registry.awaitFinish(0).getSuccess();
            assertThat(registry.claims().get(claims).getPreferred()).isEqualTo("evaluations/killed");
            assertThat(registry.releases()).hasSize(1);
            assertThat(registry.releases().getFirst().getName()).isEqualTo("evaluations/killed");
            assertThat(registry.releases().getFirst().getCrashed()).isTrue();
            assertThat(records(success)).hasSize(total);
            double cached = evaluator.metric(FROM_CACHE);
            assertThat(cached).isGreaterThanOrEqualTo((double) reported);
            assertThat(evaluator.metric(FROM_MODEL)).isEqualTo(total - cached);

            // A repeated evaluation calls the model for no row, also with other metrics or fewer rows.
            registry.queue(
                    evaluation(
                            "evaluations/again",
                            EvaluationSpec.newBuilder().addTasks("cloze").setLimit(100)),
                    revision);
            EvaluationSuccess again = registry.awaitFinish(1).getSuccess();
            assertThat(again.getResults(0).getRows()).isEqualTo(100);
            assertThat(evaluator.metric(FROM_MODEL)).isEqualTo(total - cached);
            assertThat(evaluator.metric(FROM_CACHE)).isEqualTo(cached + 100);
            assertThat(records(again)).isEqualTo(records(success).subList(0, 100));
        }
    }

    @Test
    void aCancelledEvaluationStopsAndAStoppedEvaluatorKeepsItUnfinished() throws IOException, InterruptedException {
        String text = "{\"text\": \"" + "Some words of a long document. ".repeat(1500) + "\"}\n";
        SuiteRevision revision = TestSuite.ofAllKinds(scratch.resolve("suite"))
                .with("documents.jsonl", text.repeat(50))
                .store(store);
        EvaluationSpec.Builder documents = EvaluationSpec.newBuilder().addTasks("documents");
        try (EvaluatorProcess evaluator = new EvaluatorProcess(home, registry.port())) {
            registry.queue(evaluation("evaluations/cancelled", documents), revision);
            TestRegistry.await(() -> registry.reports().stream()
                    .anyMatch(report ->
                            report.hasProgress() && !evaluator.children().isEmpty()));
            registry.cancel();
            TestRegistry.await(() -> evaluator.children().isEmpty());
            TestRegistry.await(() -> registry.claims().size() > 1);
            assertThat(registry.claims().getLast().getPreferred()).isEmpty();
            assertThat(registry.finishes()).isEmpty();

            registry.queue(evaluation("evaluations/stopped", documents), revision);
            TestRegistry.await(() -> !evaluator.children().isEmpty());
            List<ProcessHandle> children = evaluator.children();
            assertThat(evaluator.terminate()).isTrue();
            TestRegistry.await(() -> children.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(registry.finishes()).isEmpty();
            assertThat(registry.releases()).hasSize(1);
            assertThat(registry.releases().getFirst().getName()).isEqualTo("evaluations/stopped");
            assertThat(registry.releases().getFirst().getCrashed()).isFalse();
        }
        int claims = registry.claims().size();
        try (EvaluatorProcess evaluator = new EvaluatorProcess(home, registry.port())) {
            TestRegistry.await(() -> registry.claims().size() > claims);
            assertThat(registry.claims().getLast().getPreferred()).isEqualTo("evaluations/stopped");
            // The lease was released before: the second release is refused, without effect.
            assertThat(registry.releases()).hasSize(1);
            // Another claim has made the lease invalid: the evaluator claims again.
            registry.queue(evaluation("evaluations/stopped", documents), revision);
            TestRegistry.await(() -> !evaluator.children().isEmpty());
            int before = registry.claims().size();
            registry.expire();
            TestRegistry.await(() -> registry.claims().size() > before);
            assertThat(registry.claims().getLast().getPreferred()).isEqualTo("evaluations/stopped");
            assertThat(evaluator.metric("rootstock_evaluator_evaluations_total{outcome=\"lost\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    @Tag("fault")
    void aSearchOfTrainingDataContinuesWhereAKilledOrCancelledOneEnded() throws IOException, InterruptedException {
        String contaminated = "The river goes down to the sea and the white ship waits in the old harbour of the town";
        SuiteRevision revision = TestSuite.ofAllKinds(scratch.resolve("suite"))
                .with("cloze.jsonl", """
                        {"text": "%s", "word": "w"}
                        {"text": "A clear text of more than thirteen words that no document of the data has in it", "word": "w"}
                        """.formatted(contaminated))
                .store(store);
        List<String> documents = IntStream.range(0, 300_000)
                .mapToObj(i -> "Document number " + i + " is about nothing at all.")
                .collect(Collectors.toCollection(ArrayList::new));
        TestDatasets datasets = new TestDatasets(store, scratch);
        TrainingData clean = datasets.documents("models/m/versions/1", "clean", documents, List.of());
        documents.set(documents.size() - 1, contaminated);
        TrainingData found = datasets.documents("models/m/versions/1", "found", documents, List.of());
        Evaluation evaluation = evaluation(
                "evaluations/search",
                EvaluationSpec.newBuilder().addTasks("cloze").setCheckContamination(true));
        try (EvaluatorProcess evaluator = new EvaluatorProcess(home, registry.port())) {
            registry.queue(evaluation, revision, clean, found);
            TestRegistry.await(() -> registry.reports().stream()
                    .anyMatch(report ->
                            report.getProgress().getSearch().getDataset().equals("datasets/found")));
            evaluator.kill();
        }
        long whole = registry.reports().getLast().getProgress().getSearch().getTotalBytes();
        try (EvaluatorProcess _ = new EvaluatorProcess(home, registry.port())) {
            TestRegistry.await(() -> !registry.releases().isEmpty());
            int reports = registry.reports().size();
            registry.queue(evaluation, revision, clean, found);
            TestRegistry.await(() -> registry.reports().stream()
                    .skip(reports)
                    .anyMatch(report -> report.getProgress().getSearch().getBytesRead() > 0));
            // The first dataset was searched to its end.
            assertThat(registry.reports().getLast().getProgress().getSearch().getTotalBytes())
                    .isBetween(whole / 3, whole * 2 / 3);
            int claims = registry.claims().size();
            registry.cancel();
            TestRegistry.await(() -> registry.claims().size() > claims);
            assertThat(registry.finishes()).isEmpty();

            registry.queue(evaluation, revision, clean, found);
            EvaluationSuccess success = registry.awaitFinish(0).getSuccess();
            assertThat(success.getResults(0).getRows()).isEqualTo(2);
            assertThat(success.getResults(0).getContamination().getFlaggedRows())
                    .isEqualTo(1);
        }
    }

    private String failure(EvaluationSpec.Builder spec, SuiteRevision revision) {
        int earlier = registry.finishes().size();
        registry.queue(evaluation("evaluations/failed", spec), revision);
        FinishEvaluationRequest finish = registry.awaitFinish(earlier);
        assertThat(finish.hasFailure()).isTrue();
        return finish.getFailure().getMessage();
    }

    @Test
    void aFailureNamesTheRowAndTheRemedy() throws IOException {
        TestSuite suite = TestSuite.ofAllKinds(scratch.resolve("suite"));
        SuiteRevision malformed = suite.with(
                        "choice.jsonl",
                        "{\"q\": \"a\", \"choices\": [\"x\", \"y\"], \"gold\": 0}\n".repeat(3)
                                + "{\"q\": \"a\", \"choices\": [\"x\", \"y\"], \"gold\": 2}\n")
                .store(store);
        try (EvaluatorProcess evaluator = new EvaluatorProcess(home, registry.port())) {
            assertThat(failure(EvaluationSpec.newBuilder().addTasks("choice").setShots(0), malformed))
                    .isEqualTo("task choice: choice.jsonl:4: the gold answer 2 is not one of the 2 choices\n"
                            + "hint: write an index from 0 to 1, or the text of a choice");
            // The rows are checked before the model is loaded.
            assertThat(evaluator.children()).isEmpty();
            assertThat(home.resolve("evaluator/inference/inference.log")).doesNotExist();
            assertThat(failure(EvaluationSpec.newBuilder().addTasks("nowhere"), malformed))
                    .startsWith("suite.yaml: the suite does not have the tasks nowhere");

            SuiteRevision large = suite.with(
                            "cloze.jsonl",
                            "{\"text\": \"short\", \"word\": \"w\"}\n{\"text\": \"" + "long ".repeat(200)
                                    + "\", \"word\": \"w\"}\n")
                    .store(store);
            assertThat(failure(EvaluationSpec.newBuilder().addTasks("cloze"), large))
                    .startsWith("cloze.jsonl:2: task cloze: continuations[0]: ")
                    .contains("hint: use fewer shots, shorten the row");
            SuiteRevision answers = suite.with("answers.jsonl", "{\"word\": \"" + "a".repeat(501) + "\"}\n")
                    .store(store);
            assertThat(failure(EvaluationSpec.newBuilder().addTasks("answers"), answers))
                    .startsWith("answers.jsonl:1: task answers: ")
                    .contains("hint: use fewer shots, shorten the row");

            version = version.toBuilder().setName("models/unknown/versions/1").build();
            assertThat(failure(EvaluationSpec.newBuilder().addTasks("cloze"), malformed))
                    .isEqualTo("models/unknown/versions/1 cannot be read from the registry: NOT_FOUND"
                            + " models/unknown/versions/1 not found");
            version = TestModels.version(store, Files.writeString(scratch.resolve("noise"), "GGUF and nothing else"));
            registry.add(version);
            assertThat(failure(EvaluationSpec.newBuilder().addTasks("cloze"), malformed))
                    .startsWith("models/tiny/versions/1 cannot be served");
        }
    }

    @Test
    void oneEvaluatorUsesAWorkspace() throws IOException, InterruptedException {
        try (EvaluatorProcess first = new EvaluatorProcess(home, registry.port())) {
            TestRegistry.await(() -> !registry.claims().isEmpty());
            assertThat(first.get("/q/health/ready")).contains("\"registry\": \"available\"");
            assertThat(first.output()).doesNotContain("Started gRPC server");
            try (EvaluatorProcess second = new EvaluatorProcess(home, registry.port())) {
                assertThat(second.ended()).isTrue();
                assertThat(second.output()).contains("rootstock.evaluator.workspace: another evaluator uses");
            }
        }
    }
}
