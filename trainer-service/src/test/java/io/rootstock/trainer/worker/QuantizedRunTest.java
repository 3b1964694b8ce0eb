package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.gguf.GgufAdapterValidator;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.llama.Llama;
import io.rootstock.llama.Quantization;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Bases;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.estimate.Calibration;
import io.rootstock.trainer.estimate.DeviceTable;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.LoraSettings;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests workers that train adapters on the base's quantized GGUF file. */
class QuantizedRunTest {
    @TempDir
    static Path home;

    private static TrainerFixture trainer;
    private static Digest base;
    private static Digest quantized;
    /** Completed runs by name; trained on first use. */
    private static final Map<String, RunDirectory> RUNS = new HashMap<>();

    @BeforeAll
    static void prepare() throws IOException {
        trainer = new TrainerFixture(home);
        ModelConfig config = Bases.blockWide().get("llama");
        base = Bases.huggingFace(trainer.store(), config);
        Path exact = trainer.store().verified(Bases.gguf(trainer.store(), config));
        Path file = home.resolve("q4.gguf");
        Llama.shared().quantize(exact, file, Quantization.Q4_K_M, 1);
        quantized = trainer.store().putFile(file);
    }

    @Test
    @Tag("fault")
    void theModelIsTheBaseFileWithAnAdapterAndTheRunResumesAfterAKill() throws Exception {
        RunDirectory whole = instructed();
        RunEvaluation end = TrainerFixture.lastEvaluation(whole, "validation");
        assertThat(end.getLoss()).isLessThan(0.9 * end.getMetricsOrThrow("base_loss"));
        Map<ArtifactKind, Artifact> artifacts = artifacts(whole);
        assertThat(artifacts.keySet())
                .containsExactlyInAnyOrder(
                        ArtifactKind.ARTIFACT_KIND_GGUF_BASE,
                        ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER,
                        ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER);
        assertThat(artifacts.get(ArtifactKind.ARTIFACT_KIND_GGUF_BASE).getDigest())
                .isEqualTo(quantized.value());
        GgufAdapterValidator.validate(
                file(whole, ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER),
                GgufValidator.validate(trainer.store().verified(quantized)).shape());

        RunDirectory killed = trainer.folder("killed", instructions());
        Process worker = trainer.launcher().launch(killed, 1);
        Checkpoints checkpoints = new Checkpoints(killed.checkpoints());
        TrainerFixture.await(killed, () -> !checkpoints.steps().isEmpty());
        worker.destroyForcibly().waitFor();
        assertThat(trainer.work(killed)).as(() -> TrainerFixture.output(killed)).isZero();
        assertThat(artifacts(killed)).isEqualTo(artifacts);
    }

    @Test
    void theEstimateCountsTheFileAndNoFloatWeights() throws Exception {
        Map<String, Long> parts =
                instructed().readResolved().orElseThrow().getEstimate().getMemoryPartsMap();
        assertThat(parts.get("base_file"))
                .isEqualTo(trainer.store().verified(quantized).toFile().length());
        // Adapters of rank 4 on all matrices of two layers, and five norms; the embedding alone has as many values.
        long adapters = 4L * 2 * (2 * (256 + 256) + 2 * (128 + 256) + 3 * (256 + 512));
        assertThat(parts.get("weights")).isEqualTo(4 * (adapters + 5 * 256));
    }

    @Test
    @Tag("matrix")
    void anAdapterOfTheSameFileIsAStartingPoint() throws Exception {
        RunDirectory first = instructed();
        RunSpec.Builder more = instructions().toBuilder()
                .setAdapterDigest(artifacts(first)
                        .get(ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER)
                        .getDigest());
        RunDirectory second = work("second", more.build());
        assertThat(TrainerFixture.lastEvaluation(second, "validation").getMetricsOrThrow("base_loss"))
                .isCloseTo(TrainerFixture.lastEvaluation(first, "validation").getLoss(), within(1e-4));
    }

    @Test
    @Tag("matrix")
    void aClassifiersHeadIsTrainedWithAQuantizedBase() throws Exception {
        RunDirectory run = work("classifier", spec(Task.TASK_CLASSIFICATION, Datasets.labelled(trainer.store(), 200)));
        assertThat(artifacts(run).keySet())
                .containsExactlyInAnyOrder(
                        ArtifactKind.ARTIFACT_KIND_GGUF_BASE,
                        ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD,
                        ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER,
                        ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER);
        assertThat(PeftAdapter.read(trainer.store()
                                .materialize(
                                        Digest.parse(artifacts(run)
                                                .get(ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER)
                                                .getDigest()),
                                        home.resolve("peft")))
                        .tensors())
                .anyMatch(tensor -> tensor.name().equals("score.weight"));
        RunEvaluation test = TrainerFixture.lastEvaluation(run, "test");
        assertThat(test.getMetricsOrThrow("accuracy")).isGreaterThan(test.getMetricsOrThrow("majority_accuracy"));
    }

    @Test
    @Tag("matrix")
    void preferenceTrainingUsesTheFileAsReferenceModel() throws Exception {
        RunDirectory run = work("pairs", spec(Task.TASK_PREFERENCE, Datasets.preferences(trainer.store(), 100)));
        RunEvaluation test = TrainerFixture.lastEvaluation(run, "test");
        assertThat(test.getLoss()).isLessThan(Math.log(2));
        assertThat(test.getMetricsOrThrow("preference_accuracy")).isGreaterThan(0.8);
    }

    @Test
    void errorsNameTheInvalidFileField() throws Exception {
        Digest dataset = Datasets.instructions(trainer.store(), 60);
        RunSpec spec = spec(Task.TASK_INSTRUCTION, dataset);
        refused("missing", spec.toBuilder().clearBaseGgufDigest().build(), "base_gguf_digest", "must name the GGUF");
        refused("noModel", spec.toBuilder().setBaseGgufDigest(dataset.value()).build(), "base_gguf_digest");
        Digest other = Bases.gguf(trainer.store(), Bases.blockWide().get("qwen2"));
        refused(
                "other",
                spec.toBuilder().setBaseGgufDigest(other.value()).build(),
                "base_gguf_digest",
                "different shape");
        RunSpec.Builder full = spec.toBuilder();
        full.getHyperparametersBuilder().setMethod(TuningMethod.TUNING_METHOD_FULL);
        refused("full", full.build(), "lora", "method LORA");
        RunSpec.Builder floats = spec.toBuilder();
        floats.getHyperparametersBuilder().getLoraBuilder().clearBaseWeights();
        refused("floats", floats.build(), "base_gguf_digest", "is for base_weights");
    }

    /** The refusal that a worker reports, without the start of a process for each. */
    private static void refused(String name, RunSpec spec, String... texts) throws Exception {
        RunDirectory run = trainer.folder(name, spec);
        Calibration calibration = Calibration.in(run.path(), trainer.launcher());
        DeviceTable devices = DeviceTable.load(Optional.empty());
        assertThatThrownBy(() -> PreparedRun.prepare(run, trainer.store(), devices, calibration, 1, Optional.empty()))
                .isInstanceOf(RefusedSpecException.class)
                .hasMessageContainingAll(texts);
    }

    private static RunSpec instructions() throws IOException {
        return spec(Task.TASK_INSTRUCTION, Datasets.instructions(trainer.store(), 60));
    }

    /** A run that trains adapters on instructions. */
    private static RunDirectory instructed() throws Exception {
        return work("instructed", instructions());
    }

    private static RunSpec spec(Task task, Digest dataset) {
        return RunSpec.newBuilder()
                .setTask(task)
                .setDatasetDigest(dataset.value())
                .setBaseDigest(base.value())
                .setBaseGgufDigest(quantized.value())
                .setHyperparameters(Hyperparameters.newBuilder()
                        .setLora(LoraSettings.newBuilder()
                                .setRank(4)
                                .setBaseWeights(ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M))
                        .setEpochs(4)
                        .setBatchRows(4)
                        .setLearningRate(0.01)
                        .setCheckpointInterval(10)
                        .setPrecision(Precision.PRECISION_FLOAT32)
                        .setThreads(2)
                        .setSeed(3))
                .build();
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

    private Path file(RunDirectory run, ArtifactKind kind) {
        return trainer.store().verified(Digest.parse(artifacts(run).get(kind).getDigest()));
    }
}
