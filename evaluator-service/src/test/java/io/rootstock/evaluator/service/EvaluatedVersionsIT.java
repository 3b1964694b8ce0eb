package io.rootstock.evaluator.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.huggingface.ClassifierHead;
import io.rootstock.evaluation.task.score.Response;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.FinishEvaluationRequest;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.PromptFormat;
import io.rootstock.evaluation.v1.SuiteRevision;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluator.TestModels;
import io.rootstock.evaluator.TestRegistry;
import io.rootstock.evaluator.TestSuite;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged evaluator with several kinds of versions, with a token, and with a registry that starts later. */
@Timeout(180)
class EvaluatedVersionsIT {
    @TempDir
    private Path home;

    @TempDir
    private Path scratch;

    private TestRegistry registry;
    private ArtifactStore store;
    private SuiteRevision suite;

    @BeforeEach
    void start() throws IOException {
        registry = new TestRegistry(30);
        store = new DirectoryArtifactStore(home.resolve("artifacts"));
        suite = TestSuite.ofAllKinds(scratch.resolve("suite")).store(store);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private Artifact artifact(ArtifactKind kind, Path file) {
        return Artifact.newBuilder()
                .setKind(kind)
                .setDigest(store.putFile(file).value())
                .build();
    }

    private void queue(Version version, String task) {
        registry.queue(
                TestModels.evaluation(
                        "evaluations/e",
                        version,
                        EvaluationSpec.newBuilder().addTasks(task).setLimit(3)),
                suite);
    }

    private double perplexity(FinishEvaluationRequest finish) {
        assertThat(finish.getFailure().getMessage()).isEmpty();
        return finish.getSuccess().getResults(0).getMetrics(0).getValue();
    }

    @Test
    void theStatedFileOfAVersionIsScored() throws IOException {
        TinyModel base = TinyModel.random(7);
        Path weights = base.write(scratch.resolve("weights"));
        Path others = TinyModel.random(8).write(scratch.resolve("others"));
        Version both = TestModels.version(store, weights).toBuilder()
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, others))
                .build();
        Version adapted = both.toBuilder()
                .setName("models/adapted/versions/1")
                .clearArtifacts()
                .addArtifacts(artifact(
                        ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER,
                        base.writeAdapter(scratch.resolve("adapter"), 3, null)))
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_GGUF_BASE, weights))
                .build();
        registry.add(both);
        registry.add(adapted);
        try (EvaluatorProcess _ = new EvaluatorProcess(home, registry.port())) {
            queue(both, "cloze");
            double first = perplexity(registry.awaitFinish(0));
            queue(both.toBuilder().removeArtifacts(0).build(), "cloze");
            double second = perplexity(registry.awaitFinish(1));
            queue(adapted, "cloze");
            double third = perplexity(registry.awaitFinish(2));
            assertThat(first).isPositive().isNotEqualTo(second).isNotEqualTo(third);
            assertThat(second).isNotEqualTo(third);

            // A file that the version does not have, also for completions, whose responses state no digest.
            Artifact foreign =
                    artifact(ArtifactKind.ARTIFACT_KIND_GGUF_F32, Files.writeString(scratch.resolve("f"), "f"));
            queue(both.toBuilder().setArtifacts(0, foreign).build(), "answers");
            assertThat(registry.awaitFinish(3).getFailure().getMessage())
                    .startsWith("the inference service cannot score with the artifact: FAILED_PRECONDITION")
                    .contains(foreign.getDigest());
        }
    }

    private List<RowRecord> records(FinishEvaluationRequest finish) throws IOException {
        assertThat(finish.getFailure().getMessage()).isEmpty();
        Path rows = store.verified(Digest.parse(finish.getSuccess().getRows().getDigest()));
        List<RowRecord> records = new ArrayList<>();
        for (String line : Files.readAllLines(rows)) {
            records.add(RowRecords.fromJson(line, "rows", records.size() + 1L));
        }
        return records;
    }

    @Test
    void chatPromptsAreRenderedWithTheTemplateOfTheVersion() throws IOException, InterruptedException {
        TestSuite files = TestSuite.ofAllKinds(scratch.resolve("chat"));
        suite = files.store(store);
        Version version = TestModels.version(store, scratch, TinyModel.random(7));
        registry.add(version);
        EvaluationSpec.Builder spec = EvaluationSpec.newBuilder()
                .addAllTasks(List.of("choice", "cloze", "answers"))
                .setLimit(2);
        try (EvaluatorProcess evaluator = new EvaluatorProcess(home, registry.port())) {
            registry.queue(
                    TestModels.evaluation(
                            "evaluations/chat", version, spec.clone().setPromptFormat(PromptFormat.PROMPT_FORMAT_CHAT)),
                    suite);
            List<RowRecord> chat = records(registry.awaitFinish(0));
            registry.queue(TestModels.evaluation("evaluations/plain", version, spec.clone()), suite);
            List<RowRecord> plain = records(registry.awaitFinish(1));
            assertThat(evaluator.metric("rootstock_evaluator_rows_total{source=\"model\"}"))
                    .as("no row of the other format is taken from the cache")
                    .isEqualTo(12);
            assertThat(chat.stream().map(RowRecord::requestHash))
                    .doesNotContainAnyElementsOf(
                            plain.stream().map(RowRecord::requestHash).toList());
            List<RowRecord> expected = SingleCalls.records(
                    home,
                    scratch,
                    registry.port(),
                    files,
                    spec.build(),
                    io.rootstock.evaluation.task.request.PromptFormat.CHAT);
            assertThat(chat).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(chat.get(i).requestHash()).isEqualTo(expected.get(i).requestHash());
                SingleCalls.assertNear(chat.get(i), expected.get(i), 2e-3);
            }
        }
    }

    private static double logprob(RowRecord row, int choice) {
        return ((Response.Loglikelihood) row.responses().get(choice)).logprob();
    }

    /** A classifier of spam and ham; a weight of the head is not 0. */
    private Version classifier(int number, float weight) throws IOException {
        float[] weights = new float[2 * TinyModel.DIMENSION];
        weights[0] = weight;
        Path head = scratch.resolve("head-" + number);
        ClassifierHead.write(
                head, NamedTensor.of("score.weight", weights, 2, TinyModel.DIMENSION), List.of("spam", "ham"), 40);
        return TestModels.version(store, TinyModel.random(7).write(scratch.resolve("classifier"))).toBuilder()
                .setName("models/classifier/versions/" + number)
                .setKind(VersionKind.VERSION_KIND_CLASSIFIER)
                .addAllLabels(List.of("spam", "ham"))
                .addArtifacts(artifact(ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD, head))
                .build();
    }

    @Test
    void aClassifierIsScoredByItsClasses() throws IOException, InterruptedException {
        String task = """
                dataset_path: json
                dataset_kwargs: {data_files: {test: mail.jsonl}}
                test_split: test
                output_type: multiple_choice
                doc_to_text: "Mail: {{text}}"
                doc_to_target: label
                """;
        suite = new TestSuite(scratch.resolve("mail"))
                .with("suite.yaml", "suite: kinds\ntasks: [mail.yaml, named.yaml, other.yaml]\n")
                .with("mail.yaml", "task: mail\n" + task + """
                        doc_to_choice: [ham, spam]
                        metric_list: [{metric: acc}, {metric: macro_f1}, {metric: ece}, {metric: auc}]
                        metadata: {classification_text: text}
                        """)
                .with("named.yaml", "task: named\n" + task.replace("label", "0") + """
                        doc_to_choice: ["nein", "ja"]
                        metadata: {classification_text: text, class_labels: [ham, spam]}
                        """)
                .with("other.yaml", "task: other\n" + task.replace("label", "0") + "doc_to_choice: [eggs, ham]\n")
                .with("mail.jsonl", """
                        {"text": "win a prize now", "label": "spam"}
                        {"text": "see you at noon", "label": "ham"}
                        {"text": "win a prize now", "label": "ham"}
                        {"text": "call me", "label": "spam"}
                        """)
                .store(store);
        Version equal = classifier(1, 0);
        Version unequal = classifier(2, 3);
        registry.add(equal);
        registry.add(unequal);
        try (EvaluatorProcess _ = new EvaluatorProcess(home, registry.port())) {
            EvaluationSpec.Builder mail = EvaluationSpec.newBuilder().addTasks("mail");
            registry.queue(TestModels.evaluation("evaluations/equal", equal, mail.clone()), suite);
            FinishEvaluationRequest finish = registry.awaitFinish(0);
            assertThat(records(finish))
                    .hasSize(4)
                    .allSatisfy(row -> assertThat(logprob(row, 0)).isCloseTo(Math.log(0.5), within(1e-9)));
            TaskResult result = finish.getSuccess().getResults(0);
            assertThat(result.getClassified()).isTrue();
            assertThat(result.getNearTies()).isEqualTo(4);
            assertThat(result.getMetricsList())
                    .extracting(MetricResult::getMetric)
                    .containsExactly("acc", "macro_f1", "ece", "auc");
            assertThat(result.getMetricsList())
                    .extracting(MetricResult::getValue)
                    // Of equal choices, the first is predicted in all but the accuracy: F1 of ham 2/3, of spam 0.
                    .containsExactly(0.5, 1.0 / 3, 0.0, 0.5);

            // The same GGUF file with another head, whose responses are not those of the first one.
            registry.queue(
                    TestModels.evaluation(
                            "evaluations/unequal", unequal, mail.clone().addTasks("named")),
                    suite);
            List<RowRecord> rows = records(registry.awaitFinish(1));
            assertThat(rows)
                    .hasSize(8)
                    .allSatisfy(row -> assertThat(Math.exp(logprob(row, 0)) + Math.exp(logprob(row, 1)))
                            .isCloseTo(1, within(1e-9)));
            assertThat(logprob(rows.get(2), 0)).isCloseTo(logprob(rows.get(0), 0), within(2e-3));
            assertThat(logprob(rows.get(4), 0)).as("by class_labels").isCloseTo(logprob(rows.get(0), 0), within(2e-3));
            assertThat(logprob(rows.get(1), 0)).isNotCloseTo(logprob(rows.get(0), 0), within(2e-3));
            assertThat(logprob(rows.get(0), 1)).isNotCloseTo(logprob(rows.get(0), 0), within(2e-3));

            registry.queue(
                    TestModels.evaluation(
                            "evaluations/other",
                            equal,
                            EvaluationSpec.newBuilder().addTasks("other")),
                    suite);
            assertThat(registry.awaitFinish(2).getFailure().getMessage())
                    .isEqualTo("task other: mail.jsonl:1: the row has the choices [eggs, ham], but"
                            + " models/classifier/versions/1 has the classes [ham, spam]\nhint: select tasks with these"
                            + " classes, or name the classes of the choices in metadata.class_labels");
        }
    }

    @Test
    void theTokenIsSentAndNotOnTheCommandLine() throws IOException {
        Path token = Files.writeString(scratch.resolve("secret-token"), "0123456789abcdef0123456789abcdef\n");
        Version version = TestModels.version(store, scratch, TinyModel.random(7));
        registry.add(version);
        try (EvaluatorProcess evaluator =
                new EvaluatorProcess(home, registry.port(), "rootstock.auth.token-file=" + token)) {
            queue(version, "cloze");
            // A child that does not run its program yet has another command line, or none.
            List<String> commands = new ArrayList<>();
            TestRegistry.await(() -> {
                evaluator.children().forEach(child -> child.info().commandLine().ifPresent(commands::add));
                return commands.stream().anyMatch(command -> command.contains("pinned-version=" + version.getName()));
            });
            assertThat(commands)
                    .noneMatch(command -> command.contains("secret-token") || command.contains("0123456789abcdef"));
            assertThat(perplexity(registry.awaitFinish(0))).isPositive();
        }
    }

    @Test
    void aRegistryThatStartsLaterIsClaimedFrom() throws IOException, InterruptedException {
        Version version = TestModels.version(store, scratch, TinyModel.random(7));
        registry.add(version);
        registry.stopServing();
        try (EvaluatorProcess evaluator = new EvaluatorProcess(home, registry.port())) {
            assertThat(evaluator.get("/q/health/ready")).contains("\"registry\": \"unavailable\"");
            String problem = "the registry does not answer claims: UNAVAILABLE";
            TestRegistry.await(() -> evaluator.output().contains(problem));
            queue(version, "cloze");
            registry.startServing();
            assertThat(perplexity(registry.awaitFinish(0))).isPositive();
            assertThat(evaluator.output().split(problem, -1)).hasSize(2);
        }
    }
}
