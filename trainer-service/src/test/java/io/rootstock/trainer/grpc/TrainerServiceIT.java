package io.rootstock.trainer.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.rpc.BadRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.GrpcChannels;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.GetRunRequest;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.ListRunsRequest;
import io.rootstock.trainer.v1.ListRunsResponse;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.Run;
import io.rootstock.trainer.v1.RunEvaluation;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.StartRunRequest;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import io.rootstock.trainer.v1.WatchRunRequest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the service over gRPC with real worker processes. */
@QuarkusTest
class TrainerServiceIT {
    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @Inject
    GrpcChannels channels;

    @Inject
    ArtifactStore store;

    private String lastRunId = "";
    private ManagedChannel channel;
    private TrainerServiceGrpc.TrainerServiceBlockingStub trainer;

    @BeforeEach
    void open() {
        channel = channels.open("127.0.0.1:" + port);
        trainer = TrainerServiceGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
    }

    @Test
    void aBaseIsPretrainedAndFineTunedTwice() throws Exception {
        RunSpec.Builder base = TrainerFixture.tiny(Datasets.documents(store, 400), 300).toBuilder()
                .clearSkipQuantizations();
        base.getArchitectureBuilder().setContextLength(64);
        List<RunEvent> pretraining = run(base.build());
        List<RunEvent> rest = new ArrayList<>();
        trainer.watchRun(WatchRunRequest.newBuilder()
                        .setRunId(lastRunId)
                        .setAfterSequence(3)
                        .build())
                .forEachRemaining(response -> rest.add(response.getEvent()));
        assertThat(rest).as("a resumed watch").isEqualTo(pretraining.subList(3, pretraining.size()));
        Map<ArtifactKind, Artifact> model = artifacts(pretraining);
        assertThat(model)
                .containsOnlyKeys(
                        ArtifactKind.ARTIFACT_KIND_HUGGING_FACE,
                        ArtifactKind.ARTIFACT_KIND_GGUF_F32,
                        ArtifactKind.ARTIFACT_KIND_GGUF_F16,
                        ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0,
                        ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M);
        assertThat(model.values()).allMatch(artifact -> store.contains(Digest.parse(artifact.getDigest())));
        RunEvaluation validation = evaluation(pretraining, "validation");
        assertThat(validation.getBitsPerByte()).isLessThan(validation.getMetricsOrThrow("start_bits_per_byte") / 2);
        assertThat(pretraining.getFirst().getStateChanged().getState()).isEqualTo(RunState.RUN_STATE_QUEUED);
        assertThat(pretraining)
                .anyMatch(event -> event.getResolved().getHyperparameters().hasLearningRate());

        String baseDigest = model.get(ArtifactKind.ARTIFACT_KIND_HUGGING_FACE).getDigest();
        List<RunEvent> classification =
                run(fineTuning(Task.TASK_CLASSIFICATION, Datasets.labelled(store, 600), baseDigest));
        assertThat(artifacts(classification))
                .containsOnlyKeys(
                        ArtifactKind.ARTIFACT_KIND_HUGGING_FACE,
                        ArtifactKind.ARTIFACT_KIND_GGUF_F32,
                        ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD);
        RunEvaluation test = evaluation(classification, "test");
        assertThat(test.getMetricsOrThrow("accuracy")).isGreaterThan(test.getMetricsOrThrow("majority_accuracy") + 0.1);
        assertThat(test.getMetricsOrThrow("macro_f1")).isBetween(0.8, 1.0);

        List<RunEvent> instruction =
                run(fineTuning(Task.TASK_INSTRUCTION, Datasets.instructions(store, 400), baseDigest));
        RunEvaluation answers = evaluation(instruction, "test");
        assertThat(answers.getLoss()).isLessThan(answers.getMetricsOrThrow("base_loss") / 2);

        assertThat(listed()).contains(lastRunId).doesNotHaveDuplicates();
        assertThat(listed("run_id = run-* AND state = SUCCEEDED", "create_time").getLast())
                .isEqualTo(lastRunId);
        assertThat(listed("run_id = " + lastRunId + " AND NOT state = SUCCEEDED", ""))
                .isEmpty();
        assertThatThrownBy(() -> listed("size = 1", ""))
                .hasMessageContaining("INVALID_ARGUMENT: filter: at position 1: unknown field 'size'");
    }

    @Test
    void gpt3IsEstimated() {
        var estimate = trainer.estimateRun(EstimateRunRequest.newBuilder()
                        .setParameters(174_600_000_000L)
                        .setDevice("v100")
                        .setSpec(RunSpec.newBuilder()
                                .setHyperparameters(Hyperparameters.newBuilder().setTokens(300_000_000_000L)))
                        .build())
                .getEstimate();
        assertThat(estimate.getFlops()).isCloseTo(3.14e23, within(0.01e23));
        assertThat(estimate.getDollars()).isCloseTo(4.6e6, within(0.1e6));
    }

    @Test
    void thisMachineIsProbed() throws Exception {
        var response = trainer.estimateRun(EstimateRunRequest.newBuilder()
                .setSpec(TrainerFixture.tiny(Datasets.documents(store, 300), 1000))
                .build());
        assertThat(response.getEstimate().getPeakFlops()).isBetween(1e9, 1e14);
        assertThat(response.getEstimate().getSeconds()).isPositive();
        assertThat(response.getArchitecture().getVocabularySize()).isEqualTo(261);
    }

    @Test
    void errorsNameTheInvalidField() throws Exception {
        Digest dataset = Datasets.documents(store, 300);
        RunSpec good = TrainerFixture.tiny(dataset, 10);
        assertThat(refusedField(good.toBuilder().clearTask())).isEqualTo("spec.task");
        assertThat(refusedField(good.toBuilder().setDatasetDigest("nonsense"))).isEqualTo("spec.dataset_digest");
        assertThat(refusedField(
                        good.toBuilder().setDatasetDigest(Digest.of(new byte[9]).value())))
                .isEqualTo("spec.dataset_digest");
        assertThat(refusedField(good.toBuilder().setTask(Task.TASK_CLASSIFICATION)))
                .isEqualTo("spec.base_digest");
        RunSpec.Builder heads = good.toBuilder();
        heads.getArchitectureBuilder().setHeads(5);
        assertThat(refusedField(heads)).isEqualTo("spec.architecture.heads");
        RunSpec.Builder clip = good.toBuilder();
        clip.getHyperparametersBuilder().setGradientClip(-1);
        assertThat(refusedField(clip)).isEqualTo("spec.hyperparameters.gradient_clip");
        RunSpec.Builder mixed = good.toBuilder().clearDatasetDigest();
        mixed.getMixtureBuilder()
                .addSourcesBuilder()
                .setDatasetDigest(dataset.value())
                .setWeight(1);
        mixed.getMixtureBuilder()
                .addSourcesBuilder()
                .setDatasetDigest(Datasets.documents(store, 200).value());
        assertThat(refusedField(mixed)).isEqualTo("spec.mixture.sources[1].weight");
    }

    @Test
    void anUnknownRunIsNotFound() {
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> trainer.getRun(
                        GetRunRequest.newBuilder().setRunId("unknown").build()));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    private String refusedField(RunSpec.Builder spec) {
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> trainer.startRun(StartRunRequest.newBuilder()
                        .setRunId("refused")
                        .setSpec(spec)
                        .build()));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        return ErrorDetails.find(e, BadRequest.class)
                .orElseThrow()
                .getFieldViolations(0)
                .getField();
    }

    private List<RunEvent> run(RunSpec spec) {
        lastRunId = "run-" + UUID.randomUUID();
        trainer.startRun(
                StartRunRequest.newBuilder().setRunId(lastRunId).setSpec(spec).build());
        List<RunEvent> events = new ArrayList<>();
        trainer.watchRun(WatchRunRequest.newBuilder().setRunId(lastRunId).build())
                .forEachRemaining(response -> events.add(response.getEvent()));
        assertThat(events.getLast().getStateChanged())
                .matches(state -> state.getState() == RunState.RUN_STATE_SUCCEEDED);
        return events;
    }

    private List<String> listed() {
        List<String> ids = new ArrayList<>();
        String token = "";
        do {
            ListRunsResponse page = trainer.listRuns(ListRunsRequest.newBuilder()
                    .setPageSize(1)
                    .setPageToken(token)
                    .build());
            page.getRunsList().forEach(run -> ids.add(run.getRunId()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return ids;
    }

    private List<String> listed(String filter, String orderBy) {
        return trainer
                .listRuns(ListRunsRequest.newBuilder()
                        .setFilter(filter)
                        .setOrderBy(orderBy)
                        .build())
                .getRunsList()
                .stream()
                .map(Run::getRunId)
                .toList();
    }

    private static RunSpec fineTuning(Task task, Digest dataset, String base) {
        return RunSpec.newBuilder()
                .setTask(task)
                .setDatasetDigest(dataset.value())
                .setBaseDigest(base)
                .setSkipQuantizations(true)
                .setHyperparameters(Hyperparameters.newBuilder().setPrecision(Precision.PRECISION_FLOAT32))
                .build();
    }

    private static Map<ArtifactKind, Artifact> artifacts(List<RunEvent> events) {
        Map<ArtifactKind, Artifact> artifacts = new TreeMap<>();
        for (RunEvent event : events) {
            event.getArtifacts().getArtifactsList().forEach(artifact -> artifacts.put(artifact.getKind(), artifact));
        }
        return artifacts;
    }

    private static RunEvaluation evaluation(List<RunEvent> events, String split) {
        return events.stream()
                .filter(event -> event.hasEvaluation()
                        && event.getEvaluation().getSplit().equals(split))
                .reduce((first, second) -> second)
                .orElseThrow()
                .getEvaluation();
    }
}
