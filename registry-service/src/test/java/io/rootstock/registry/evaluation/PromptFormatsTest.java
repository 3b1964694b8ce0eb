package io.rootstock.registry.evaluation;

import static io.rootstock.registry.evaluation.EvaluationFixture.record;
import static io.rootstock.registry.evaluation.EvaluationFixture.refusal;
import static io.rootstock.registry.evaluation.EvaluationFixture.result;
import static io.rootstock.registry.evaluation.EvaluationFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.rootstock.evaluation.v1.CheckGatesRequest;
import io.rootstock.evaluation.v1.CompareEvaluationsRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.evaluation.v1.GateResult;
import io.rootstock.evaluation.v1.GateServiceGrpc;
import io.rootstock.evaluation.v1.PromptFormat;
import io.rootstock.evaluation.v1.SetGateRequest;
import io.rootstock.evaluation.v1.TaskComparison;
import io.rootstock.evaluation.v1.ThresholdRule;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptFormatsTest {
    private static final String HASH = "a".repeat(64);
    private static final String OTHER_HASH = "b".repeat(64);

    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private EvaluationFixture fixture;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        fixture = new EvaluationFixture(registry).withSuite();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void register(String model, VersionKind kind, List<String> labels, Artifact... artifacts) {
        var _ = registry.models()
                .createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/" + model)
                        .setVersion(Version.newBuilder()
                                .setKind(kind)
                                .addAllLabels(labels)
                                .addAllArtifacts(List.of(artifacts)))
                        .build());
    }

    /** The header of a GGUF file with one text. */
    private static String gguf(String key) {
        return "GGUF\3\0\0\0" + "\0".repeat(8) + "\1\0\0\0\0\0\0\0" + (char) key.length() + "\0".repeat(7) + key
                + "\10\0\0\0" + "\2\0\0\0\0\0\0\0{}";
    }

    private static EvaluationSpec.Builder chat(String version) {
        return spec().setVersion(version).setPromptFormat(PromptFormat.PROMPT_FORMAT_CHAT);
    }

    @Test
    void chatPromptsNeedAChatTemplate() {
        Artifact file = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, gguf("tokenizer.chat_template"));
        register("chat", VersionKind.VERSION_KIND_INSTRUCT, List.of(), file);
        register(
                "tuned",
                VersionKind.VERSION_KIND_INSTRUCT,
                List.of(),
                registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER, "adapter"),
                registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_BASE, gguf("tokenizer.chat_template")));
        register(
                "plain",
                VersionKind.VERSION_KIND_BASE,
                List.of(),
                registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0, gguf("general.name")));
        assertThat(fixture.create(chat("chat")).getResolved().getArtifact()).isEqualTo(file);
        assertThat(fixture.create(chat("tuned")).getSpec().getPromptFormat())
                .isEqualTo(PromptFormat.PROMPT_FORMAT_CHAT);
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> fixture.create(chat("plain"))))
                .isEqualTo(
                        "models/plain/versions/1 has no chat template; evaluate it with plain prompts, without --chat");
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> fixture.create(chat("base"))))
                .contains(
                        "the chat template of models/base/versions/1 cannot be read: the file does not begin with GGUF");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.create(spec().setPromptFormatValue(9))))
                .contains("spec.prompt_format: must be PROMPT_FORMAT_PLAIN or PROMPT_FORMAT_CHAT");
    }

    @Test
    void aClassifierIsEvaluatedOnChoicesWithoutExamples() {
        Artifact file = registry.file(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "spam");
        register("spam", VersionKind.VERSION_KIND_CLASSIFIER, List.of("no", "yes"), file);
        EvaluationSpec.Builder yesno = spec().setVersion("spam").addTasks("yesno");
        assertThat(fixture.create(yesno.clone().setShots(0)).getResolved().getArtifact())
                .isEqualTo(file);
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> fixture.create(yesno.clone())))
                .isEqualTo("spec.shots: must be 0, and task 'yesno' has 2: models/spam/versions/1 is a classifier");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT,
                        () -> fixture.create(yesno.clone().setShots(1))))
                .isEqualTo("spec.shots: must be 0, was 1: models/spam/versions/1 is a classifier");
        assertThat(refusal(
                        Status.Code.FAILED_PRECONDITION,
                        () -> fixture.create(spec().setVersion("spam").setShots(0))))
                .contains("task 'stories' is loglikelihood; name tasks of type multiple_choice");
        assertThat(refusal(
                        Status.Code.FAILED_PRECONDITION,
                        () -> fixture.create(chat("spam").addTasks("yesno").setShots(0))))
                .contains("is a classifier, which has no chat template");
    }

    private Evaluation scored(String suite, String hash, boolean classified, int shots, int... right) {
        List<String> records = new ArrayList<>();
        for (int row = 0; row < right.length; row++) {
            records.add(record("yesno", row, hash, "acc", right[row], 1));
        }
        return fixture.evaluated(
                spec().setSuite(suite).addTasks("yesno"),
                records,
                result("yesno", right.length, "acc").toBuilder()
                        .setClassified(classified)
                        .setShots(shots)
                        .build());
    }

    private List<TaskComparison> compare(Evaluation first, Evaluation second) {
        return fixture.evaluations
                .compareEvaluations(CompareEvaluationsRequest.newBuilder()
                        .setFirst(first.getName())
                        .setSecond(second.getName())
                        .build())
                .getTasksList();
    }

    @Test
    void formatsAreComparedOnTheRowsOfOneSuiteRevision() {
        Evaluation prompted = scored("suites/tiny", HASH, false, 0, 1, 0, 0, 1);
        Evaluation classified = scored("suites/tiny", OTHER_HASH, true, 0, 1, 1, 1, 1);
        TaskComparison comparison = compare(prompted, classified).getFirst();
        assertThat(comparison.getNotComparable()).isEmpty();
        assertThat(comparison.getWins()).isEqualTo(2);
        // Equal formats are compared by their requests.
        Evaluation other = scored("suites/tiny", OTHER_HASH, false, 0, 1, 1, 1, 1);
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> compare(prompted, other)))
                .contains("row 0 has other requests");
        fixture.suite(EvaluationFixture.with("rows/yesno.jsonl", "{\"question\": \"Is fire hot?\", \"label\": 1}\n"));
        Evaluation newer = scored("suites/tiny", OTHER_HASH, true, 0, 1, 1, 1, 1);
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> compare(prompted, newer)))
                .contains("the prompt formats differ, and also the suite revisions");
    }

    @Test
    void aGateReadsEvaluationsOfItsFormat() {
        GateServiceGrpc.GateServiceBlockingStub gates = GateServiceGrpc.newBlockingStub(registry.channel());
        String alias = "models/base/aliases/production";
        Gate gate = gates.setGate(SetGateRequest.newBuilder()
                        .setGate(Gate.newBuilder()
                                .setName(alias + "/gates/chat")
                                .setSuiteRevision("suites/tiny")
                                .setTask("yesno")
                                .setPromptFormat(PromptFormat.PROMPT_FORMAT_CHAT)
                                .setThreshold(ThresholdRule.newBuilder().setBound(0.5)))
                        .build())
                .getGate();
        assertThat(gate.getPromptFormat()).isEqualTo(PromptFormat.PROMPT_FORMAT_CHAT);
        var _ = scored("suites/tiny", HASH, false, 2, 1, 1, 1, 1);
        GateResult result = gates.checkGates(CheckGatesRequest.newBuilder()
                        .setAlias(alias)
                        .setVersion("models/base/versions/1")
                        .build())
                .getResults(0);
        assertThat(result.getPassed()).isFalse();
        assertThat(result.getReason())
                .isEqualTo("base:1 is not evaluated; run `rootstock eval run base:1 --suite tiny/revisions/1 --chat`");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT,
                        () -> gates.setGate(SetGateRequest.newBuilder()
                                .setGate(gate.toBuilder().setPromptFormatValue(7))
                                .build())))
                .contains("gate.prompt_format");
    }
}
