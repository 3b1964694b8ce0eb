package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.huggingface.ClassifierHead;
import io.rootstock.checkpoint.huggingface.HuggingFaceDirectory;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Bases;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.run.WorkerOutcome;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.ClassWeighting;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.LoraSettings;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests workers that train adapters or the last blocks of a base. */
class TunedRunTest {
    @TempDir
    static Path home;

    private static TrainerFixture trainer;
    private static Digest base;
    /** Completed runs by name; trained on first use. */
    private static final Map<String, RunDirectory> RUNS = new HashMap<>();

    @BeforeAll
    static void prepare() throws IOException {
        trainer = new TrainerFixture(home);
        base = Bases.random(trainer.store());
    }

    @Test
    @Tag("fault")
    void adaptersAreTrainedAndExportedAndResumeAfterAKill() throws Exception {
        RunSpec spec = quantized(
                spec(Task.TASK_INSTRUCTION, Datasets.instructions(trainer.store(), 100), lora(4).setPacking(true)));
        RunDirectory whole = work("whole", spec);
        RunEvaluation end = TrainerFixture.lastEvaluation(whole, "validation");
        assertThat(end.getLoss()).isLessThan(0.9 * end.getMetricsOrThrow("base_loss"));
        assertThat(end.getMetricsMap())
                .containsKeys("chrf_plus_plus", "bleu", "nearest_chrf_plus_plus", "nearest_bleu")
                .containsEntry("answer_rows", 10.0);
        // The instructions repeat, so that the answer of the nearest prompt is often right.
        assertThat(end.getMetricsOrThrow("nearest_chrf_plus_plus")).isBetween(20.0, 100.0);
        assertThat(messages(whole))
                .anySatisfy(message -> assertThat(message)
                        .startsWith("answers to 10 validation prompts (greedy): chrF++ ")
                        .contains("; nearest-neighbour baseline: chrF++ "));
        assertThat(artifacts(whole).keySet())
                .containsExactlyInAnyOrder(
                        ArtifactKind.ARTIFACT_KIND_HUGGING_FACE,
                        ArtifactKind.ARTIFACT_KIND_GGUF_F32,
                        ArtifactKind.ARTIFACT_KIND_GGUF_F16,
                        ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0,
                        ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M,
                        ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER,
                        ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER);

        RunDirectory killed = trainer.folder("killed", spec);
        Process worker = trainer.launcher().launch(killed, 1);
        Checkpoints checkpoints = new Checkpoints(killed.checkpoints());
        TrainerFixture.await(killed, () -> !checkpoints.steps().isEmpty());
        worker.destroyForcibly().waitFor();
        assertThat(trainer.work(killed)).as(() -> TrainerFixture.output(killed)).isZero();
        assertThat(artifacts(killed)).isEqualTo(artifacts(whole));

        // A checkpoint contains only the trained weights, which are few.
        long step = checkpoints.steps().getFirst();
        long saved = Files.size(killed.checkpoints().resolve("step-" + step).resolve("weights.f32"));
        assertThat(saved).isEqualTo(4L * 4 * (2 * (32 + 32) + 2 * (16 + 32) + 3 * (32 + 64)));
    }

    @Test
    void theMergedModelIsTheBasePlusTheAdapter() throws Exception {
        RunDirectory run = lowRank();
        PeftAdapter adapter = PeftAdapter.read(folder(run, ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER));
        try (HuggingFaceDirectory merged =
                        HuggingFaceDirectory.read(folder(run, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE));
                HuggingFaceDirectory before = HuggingFaceDirectory.read(
                        trainer.store().materialize(base, home.resolve("base-" + run.runId())))) {
            Map<String, NamedTensor> matrices = new HashMap<>();
            adapter.inOrder(before.config().shape()).forEach(tensor -> matrices.put(tensor.name(), tensor));
            double largestChange = 0;
            for (NamedTensor tensor : merged.tensors()) {
                float[] after = tensor.toArray();
                float[] expected = before.weights().tensor(tensor.name()).toArray();
                NamedTensor a = matrices.get(tensor.name().replace(".weight", ".lora_A.weight"));
                if (a != null) {
                    NamedTensor b = matrices.get(tensor.name().replace(".weight", ".lora_B.weight"));
                    largestChange = Math.max(largestChange, add(expected, a, b, adapter.scale()));
                }
                for (int i = 0; i < after.length; i++) {
                    assertThat(Math.abs(after[i] - expected[i]))
                            .as(tensor.name())
                            .isLessThan(1e-6f);
                }
            }
            assertThat(largestChange).isGreaterThan(1e-3);
        }
    }

    @Test
    void anAdapterIsAStartingPoint() throws Exception {
        Digest dataset = Datasets.instructions(trainer.store(), 60);
        RunDirectory first = lowRank();
        String adapter =
                artifacts(first).get(ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER).getDigest();
        RunSpec.Builder more = spec(Task.TASK_INSTRUCTION, dataset, Hyperparameters.newBuilder()).toBuilder()
                .setAdapterDigest(adapter);
        RunDirectory second = work("second", more.build());
        double reached = TrainerFixture.lastEvaluation(first, "validation").getLoss();
        RunEvaluation end = TrainerFixture.lastEvaluation(second, "validation");
        assertThat(end.getMetricsOrThrow("base_loss")).isCloseTo(reached, within(1e-4));
        assertThat(second.readResolved()
                        .orElseThrow()
                        .getHyperparameters()
                        .getLora()
                        .getRank())
                .isEqualTo(4);

        more.getHyperparametersBuilder().setLora(LoraSettings.newBuilder().setRank(5));
        RunDirectory other = trainer.folder("other", more.build());
        assertThat(trainer.workInProcess(other)).isEqualTo(WorkerOutcome.Kind.FAILED.exitCode());
        assertThat(WorkerOutcome.read(other))
                .hasValueSatisfying(outcome -> assertThat(outcome.message()).contains("lora.rank", "which is 4"));
    }

    @Test
    void aClassifiersHeadIsTrainedWithItsAdapters() throws Exception {
        RunDirectory run = work(
                "classifier",
                quantized(
                        spec(Task.TASK_CLASSIFICATION, Datasets.labelled(trainer.store(), 200), lora(4).setEpochs(6))));
        assertThat(artifacts(run).keySet())
                .contains(
                        ArtifactKind.ARTIFACT_KIND_HUGGING_FACE,
                        ArtifactKind.ARTIFACT_KIND_GGUF_F32,
                        ArtifactKind.ARTIFACT_KIND_GGUF_F16,
                        ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0,
                        ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M,
                        ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD);
        // The dataset permits rows of 256 tokens; the head reads no more than the base.
        try (HuggingFaceDirectory model =
                HuggingFaceDirectory.read(folder(run, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE))) {
            assertThat(ClassifierHead.read(trainer.store()
                                    .verified(Digest.parse(artifacts(run)
                                            .get(ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD)
                                            .getDigest())))
                            .maxTokens())
                    .isEqualTo(model.config().shape().contextLength())
                    .isLessThan(256);
        }
        assertThat(PeftAdapter.read(folder(run, ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER))
                        .tensors())
                .anyMatch(tensor -> tensor.name().equals("score.weight"));
        RunEvaluation test = TrainerFixture.lastEvaluation(run, "test");
        assertThat(test.getMetricsOrThrow("accuracy")).isGreaterThan(test.getMetricsOrThrow("majority_accuracy"));
        assertThat(test.getMetricsOrThrow("linear_accuracy")).isGreaterThan(0.9);
        assertThat(test.getMetricsOrThrow("linear_macro_f1")).isGreaterThan(0.9);
        assertThat(evaluations(run))
                .allSatisfy(evaluation -> assertThat(evaluation.getMetricsMap()).containsKey("linear_accuracy"));
        assertThat(messages(run).getFirst())
                .matches("linear baseline \\(logistic regression on hashed .*\\): validation accuracy [01]\\.\\d{3}");
        assertThat(messages(run).stream().anyMatch(message -> message.startsWith("warning: test accuracy")))
                .isEqualTo(test.getMetricsOrThrow("accuracy") < test.getMetricsOrThrow("linear_accuracy"));

        // The sample contains all 20 rows of the validation split, and llama.cpp classifies them like the trainer.
        RunEvaluation validation = TrainerFixture.lastEvaluation(run, "validation");
        assertThat(validation.getMetricsOrThrow("accuracy_f32")).isEqualTo(validation.getMetricsOrThrow("accuracy"));
        assertThat(validation.getMetricsOrThrow("agreement_q8_0")).isBetween(0.9, 1.0);
        assertThat(validation.getMetricsMap()).containsKeys("accuracy_f16", "accuracy_q8_0", "accuracy_q4_k_m");
    }

    @Test
    void aRunWithoutImprovementStopsEarlyWithItsBestWeights() throws Exception {
        Hyperparameters.Builder values = Hyperparameters.newBuilder()
                .setEpochs(200)
                .setPatience(2)
                .setValidationInterval(3)
                .setClassWeighting(ClassWeighting.CLASS_WEIGHTING_BALANCED)
                .setPrefixLoss(0.5);
        RunDirectory run =
                work("patience", spec(Task.TASK_CLASSIFICATION, Datasets.labelled(trainer.store(), 100), values));
        assertThat(EventLog.readAll(run.events()))
                .anyMatch(event -> event.getMessage().getText().contains("2 validations without a higher score"));
        assertThatTheLastWithinOneStandardErrorIsExported(run);
        RunEvaluation test = TrainerFixture.lastEvaluation(run, "test");
        assertThat(test.getClassification().getClassesList())
                .extracting(figures -> figures.getLabel())
                .containsExactly("animal", "dish");
        assertThat(test.getClassification().getConfusionList().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo((long) test.getMetricsOrThrow("rows"));
    }

    /** The order of ties by loss may move the limit by less than a row. */
    private static void assertThatTheLastWithinOneStandardErrorIsExported(RunDirectory run) throws IOException {
        List<RunEvaluation> validations = evaluations(run).stream()
                .filter(evaluation -> evaluation.getSplit().equals("validation"))
                .toList();
        long exported = validations.getLast().getStep();
        double highest =
                validations.stream().mapToDouble(TunedRunTest::accuracy).max().orElseThrow();
        double rows = validations.getLast().getMetricsOrThrow("rows");
        double limit = highest - Math.sqrt(highest * (1 - highest) / rows);
        assertThat(accuracy(validations.getLast())).isGreaterThan(limit - 1 / rows);
        assertThat(validations)
                .filteredOn(later -> later.getStep() > exported)
                .allSatisfy(later -> assertThat(accuracy(later)).isLessThan(limit + 1 / rows));
    }

    private static double accuracy(RunEvaluation evaluation) {
        return evaluation.getMetricsOrThrow("accuracy");
    }

    @Test
    void preferenceTrainingStartsAtEvenOddsAndLearns() throws Exception {
        RunDirectory run = work("preferences", preferences());
        RunEvaluation test = TrainerFixture.lastEvaluation(run, "test");
        assertThat(test.getLoss()).isLessThan(Math.log(2));
        assertThat(test.getMetricsOrThrow("preference_accuracy")).isGreaterThan(0.8);
        assertThat(test.getMetricsOrThrow("reward_margin")).isPositive();
        assertThat(test.getMetricsMap()).containsKeys("ranking_accuracy", "base_ranking_accuracy");
        RunEvaluation start = evaluations(run).getFirst();
        assertThat(start.getStep()).isZero();
        assertThat(start.getLoss()).isCloseTo(Math.log(2), within(1e-6));
        assertThat(start.getMetricsOrThrow("preference_accuracy")).isEqualTo(0.5);
        assertThat(start.getMetricsOrThrow("ranking_accuracy"))
                .isEqualTo(start.getMetricsOrThrow("base_ranking_accuracy"));
    }

    @Test
    @Tag("fault")
    void preferenceTrainingResumesBitIdentically() throws Exception {
        RunDirectory killed = trainer.folder("preferences-killed", preferences());
        Process worker = trainer.launcher().launch(killed, 1);
        Checkpoints checkpoints = new Checkpoints(killed.checkpoints());
        TrainerFixture.await(killed, () -> !checkpoints.steps().isEmpty());
        worker.destroyForcibly().waitFor();
        assertThat(trainer.work(killed)).as(() -> TrainerFixture.output(killed)).isZero();
        assertThat(artifacts(killed)).isEqualTo(artifacts(work("preferences", preferences())));
    }

    private static RunSpec preferences() throws IOException {
        return spec(Task.TASK_PREFERENCE, Datasets.preferences(trainer.store(), 100), Hyperparameters.newBuilder());
    }

    @Test
    void frozenBlocksAreBitIdenticalToTheBase() throws Exception {
        RunDirectory run = work(
                "blocks",
                spec(
                        Task.TASK_INSTRUCTION,
                        Datasets.instructions(trainer.store(), 60),
                        Hyperparameters.newBuilder().setTrainLastBlocks(1)));
        try (HuggingFaceDirectory after =
                        HuggingFaceDirectory.read(folder(run, ArtifactKind.ARTIFACT_KIND_HUGGING_FACE));
                HuggingFaceDirectory before = HuggingFaceDirectory.read(
                        trainer.store().materialize(base, home.resolve("base-" + run.runId())))) {
            for (NamedTensor tensor : before.tensors()) {
                boolean frozen = tensor.name().equals("model.embed_tokens.weight");
                float[] now = after.weights().tensor(tensor.name()).toArray();
                if (frozen) {
                    assertThat(now).isEqualTo(tensor.toArray());
                } else {
                    assertThat(now).as(tensor.name()).isNotEqualTo(tensor.toArray());
                }
            }
        }
        assertThat(artifacts(run)).doesNotContainKey(ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER);
    }

    /** Adds scale * B A; returns the largest change. */
    private static double add(float[] weight, NamedTensor a, NamedTensor b, double scale) {
        int rank = (int) a.shape()[0];
        int width = (int) a.shape()[1];
        float[] left = b.toArray();
        float[] right = a.toArray();
        double largest = 0;
        for (int i = 0; i < weight.length; i++) {
            double sum = 0;
            for (int k = 0; k < rank; k++) {
                sum += (double) left[i / width * rank + k] * right[k * width + i % width];
            }
            weight[i] += (float) (scale * sum);
            largest = Math.max(largest, Math.abs(scale * sum));
        }
        return largest;
    }

    private static Hyperparameters.Builder lora(int rank) {
        return Hyperparameters.newBuilder()
                .setMethod(TuningMethod.TUNING_METHOD_LORA)
                .setLora(LoraSettings.newBuilder().setRank(rank));
    }

    /** A run that trains an adapter of rank 4. */
    private static RunDirectory lowRank() throws Exception {
        return work("lora", spec(Task.TASK_INSTRUCTION, Datasets.instructions(trainer.store(), 60), lora(4)));
    }

    private static RunSpec spec(Task task, Digest dataset, Hyperparameters.Builder values) {
        if (!values.hasEpochs()) {
            values.setEpochs(4);
        }
        return RunSpec.newBuilder()
                .setTask(task)
                .setDatasetDigest(dataset.value())
                .setBaseDigest(base.value())
                .setSkipQuantizations(true)
                .setHyperparameters(values.setBatchRows(4)
                        .setLearningRate(0.02)
                        .setCheckpointInterval(20)
                        .setPrecision(Precision.PRECISION_FLOAT32)
                        .setThreads(2)
                        .setSeed(3))
                .build();
    }

    private static RunSpec quantized(RunSpec spec) {
        return spec.toBuilder().clearSkipQuantizations().build();
    }

    private static RunDirectory work(String name, RunSpec spec) throws Exception {
        if (!RUNS.containsKey(name)) {
            RunDirectory run = trainer.folder(name, spec);
            assertThat(trainer.workInProcess(run))
                    .as(() -> TrainerFixture.output(run))
                    .isZero();
            RUNS.put(name, run);
        }
        return RUNS.get(name);
    }

    private static Map<ArtifactKind, Artifact> artifacts(RunDirectory run) {
        Map<ArtifactKind, Artifact> artifacts = new HashMap<>();
        EventLog.readAll(run.events()).stream()
                .flatMap(event -> event.getArtifacts().getArtifactsList().stream())
                .forEach(artifact -> artifacts.put(artifact.getKind(), artifact));
        return artifacts;
    }

    private static List<RunEvaluation> evaluations(RunDirectory run) {
        return EventLog.readAll(run.events()).stream()
                .filter(RunEvent::hasEvaluation)
                .map(RunEvent::getEvaluation)
                .toList();
    }

    private static List<String> messages(RunDirectory run) {
        return EventLog.readAll(run.events()).stream()
                .filter(RunEvent::hasMessage)
                .map(event -> event.getMessage().getText())
                .toList();
    }

    private static Path folder(RunDirectory run, ArtifactKind kind) {
        return trainer.store()
                .materialize(
                        Digest.parse(artifacts(run).get(kind).getDigest()), home.resolve(run.runId() + "-" + kind));
    }
}
