package io.rootstock.registry.gate;

import static io.rootstock.registry.evaluation.EvaluationFixture.record;
import static io.rootstock.registry.evaluation.EvaluationFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.rootstock.evaluation.v1.AgreementRule;
import io.rootstock.evaluation.v1.BetterRule;
import io.rootstock.evaluation.v1.CheckGatesRequest;
import io.rootstock.evaluation.v1.Contamination;
import io.rootstock.evaluation.v1.ContaminationRule;
import io.rootstock.evaluation.v1.DeleteGateRequest;
import io.rootstock.evaluation.v1.DeleteSuiteRequest;
import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.EvaluationSpec;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.evaluation.v1.GateResult;
import io.rootstock.evaluation.v1.GateServiceGrpc;
import io.rootstock.evaluation.v1.ListGatesRequest;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.NotWorseRule;
import io.rootstock.evaluation.v1.SetGateRequest;
import io.rootstock.evaluation.v1.TaskResult;
import io.rootstock.evaluation.v1.ThresholdRule;
import io.rootstock.evaluation.v1.TrainingData;
import io.rootstock.evaluation.v1.UnsearchedData;
import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.evaluation.EvaluationFixture;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasMove;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.RollbackAliasRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.trainer.v1.ArtifactKind;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatesTest {
    private static final String ALIAS = "models/base/aliases/production";
    private static final int ROWS = 200;

    @TempDir
    private Path scratch;

    private RegistryHarness registry;
    private EvaluationFixture fixture;
    private GateServiceGrpc.GateServiceBlockingStub gates;

    @BeforeEach
    void start() {
        registry = new RegistryHarness(scratch);
        fixture = new EvaluationFixture(registry).withSuite();
        fixture.register("base");
        gates = GateServiceGrpc.newBlockingStub(registry.channel());
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void gatesAreSetReplacedListedAndDeleted() {
        Gate first = set(gate("b").setThreshold(ThresholdRule.newBuilder().setBound(0.6)));
        assertThat(first.getSuiteRevision()).isEqualTo("suites/tiny/revisions/1");
        assertThat(first.getMetric()).isEqualTo("acc");
        Gate replaced = set(gate("b")
                .setMetric("acc_norm")
                .setThreshold(ThresholdRule.newBuilder().setBound(0.7)));
        Gate other = set(gate("a")
                .setLimit(20)
                .setShots(0)
                .setNotWorseThanCurrent(NotWorseRule.newBuilder().setMargin(0.1)));
        assertThat(list()).containsExactly(other, replaced);
        delete("a");
        assertThat(list()).containsExactly(replaced);
        assertThat(refusal(Status.Code.NOT_FOUND, () -> delete("a"))).contains(ALIAS + "/gates/a");
    }

    @Test
    void gatesThatMakeNoSenseAreRefused() {
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> set(gate("a")))).contains("gate.rule: is required");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT, () -> set(threshold(0.6).setTask("quiz"))))
                .contains("gate.task: 'quiz' is not a task of suites/tiny/revisions/1; its tasks: yesno, stories");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT, () -> set(threshold(0.6).setMetric("f1"))))
                .contains("gate.metric: 'f1' is not a metric of yesno; its metrics: acc, acc_norm");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> set(threshold(Double.NaN))))
                .contains("gate.threshold.bound: must be a finite number");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT,
                        () -> set(gate("a")
                                .setBetterThanCurrent(BetterRule.newBuilder().setMaximumPValue(0.9)))))
                .contains("gate.better_than_current.maximum_p_value");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT, () -> set(threshold(0.6).setLimit(-1))))
                .contains("gate.limit");
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT, () -> set(threshold(0.6).setName("models/base/gates/a"))))
                .contains("gate.name");
        assertThat(refusal(Status.Code.NOT_FOUND, () -> set(threshold(0.6).setSuiteRevision("suites/absent"))))
                .contains("suites/absent");
        assertThat(refusal(
                        Status.Code.NOT_FOUND,
                        () -> set(threshold(0.6).setName("models/absent/aliases/production/gates/a"))))
                .contains("models/absent");
        assertThat(list()).isEmpty();
    }

    @Test
    void aVersionWithoutEvaluationFailsAndTheErrorNamesTheCommandThatMakesIt() {
        set(threshold(0.6).setLimit(200).setShots(0));
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> promote(1)))
                .contains("models/base/versions/1 fails a gate of " + ALIAS)
                .contains("`rootstock eval run base:1 --suite tiny/revisions/1 --limit 200 --shots 0`");
        evaluated(1, 140, 0.65);
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> promote(1))).contains("is not evaluated");
    }

    @Test
    void aThresholdIsReadFromTheNewestEvaluation() {
        set(threshold(0.6));
        Evaluation below = evaluated(1, 120, 0.59);
        GateResult failed = check(1).getFirst();
        assertThat(failed.getPassed()).isFalse();
        assertThat(failed.getEvaluationsList()).containsExactly(below.getName());
        assertThat(failed.getReason()).contains("the lower end is below 0.6000");
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> promote(1))).contains("acc 0.6500 [0.5900,");

        Evaluation above = evaluated(1, 140, 0.61);
        assertThat(check(1).getFirst().getEvaluationsList()).containsExactly(above.getName());
        assertThat(promote(1).getVersion()).isEqualTo("models/base/versions/1");
    }

    @Test
    void aVersionMustBeBetterThanTheCurrentOne() {
        set(gate("gain").setBetterThanCurrent(BetterRule.newBuilder().setMinimumGain(0.05)));
        assertThat(check(1).getFirst().getReason()).isEqualTo("the alias does not point to a version yet");
        promote(1);
        assertThat(check(1).getFirst().getPassed()).isTrue();
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> promote(2))).contains("base:2 is not evaluated");
        evaluated(2, 121, 0.5);
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> promote(2))).contains("base:1 is not evaluated");
        Evaluation current = evaluated(1, 120, 0.5);
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> promote(2)))
                .contains("gain 0.005000 of at least 0.05000, p 1.00 of at most 0.0500");
        Evaluation better = evaluated(2, 150, 0.6);
        assertThat(check(2).getFirst().getEvaluationsList()).containsExactly(better.getName(), current.getName());
        assertThat(promote(2).getVersion()).isEqualTo("models/base/versions/2");
    }

    @Test
    void aVersionMustNotBeWorseThanTheCurrentOneByMoreThanAMargin() {
        promote(1);
        set(gate("loss").setNotWorseThanCurrent(NotWorseRule.newBuilder().setMargin(0.05)));
        evaluated(1, 150, 0.5);
        evaluated(2, 130, 0.5);
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> promote(2)))
                .contains("acc 0.6500, current 0.7500: the loss is at most 0.14");
        evaluated(2, 149, 0.5);
        assertThat(promote(2).getVersion()).isEqualTo("models/base/versions/2");
    }

    @Test
    void evaluationsOfOtherRowsAreNotCompared() {
        promote(1);
        set(gate("loss").setNotWorseThanCurrent(NotWorseRule.newBuilder().setMargin(0.05)));
        evaluated(1, 150, 0.5);
        fixture.evaluated(spec(2), records(100, 90), result(100, 0.5));
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> promote(2)))
                .contains("the first evaluation has 200 rows, the second 100");
    }

    @Test
    void theDefaultFileMustAgreeWithTheF32File() {
        set(gate("q8").setQuantizationAgrees(AgreementRule.newBuilder().setMinimumShare(0.9)));
        evaluated(1, 150, 0.5);
        assertThat(check(1).getFirst().getReason()).isEqualTo("the version serves its F32 file");
        fixture.registerQuantized("base");
        evaluated(3, 150, 0.5);
        assertThat(check(3).getFirst().getReason())
                .isEqualTo("base:3 is not evaluated; run `rootstock eval run base:3 --suite tiny/revisions/1"
                        + " --quantization f32`");
        fixture.evaluated(
                spec(3).setQuantization(ArtifactKind.ARTIFACT_KIND_GGUF_F32), records(ROWS, 148), result(ROWS, 0.5));
        GateResult agreed = check(3).getFirst();
        assertThat(agreed.getReason()).startsWith("198 of 200 rows agree");
        assertThat(agreed.getPassed()).isTrue();
    }

    @Test
    void atMostAShareOfTheRowsIsInTheTrainingData() {
        set(gate("unseen").setContamination(ContaminationRule.newBuilder().setMaximumShare(0.02)));
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT,
                        () -> set(gate("a")
                                .setContamination(ContaminationRule.newBuilder().setMaximumShare(1.5)))))
                .contains("gate.contamination.maximum_share: must be 0 to 1, was 1.5");
        // An evaluation that was not checked says nothing about the training data.
        evaluated(1, 140, 0.65);
        assertThat(check(1).getFirst().getReason())
                .isEqualTo("the training data of base:1 is not checked; run `rootstock eval run base:1 --suite"
                        + " tiny/revisions/1 --check-contamination`");
        Evaluation checked = checked(contamination(5));
        GateResult failed = check(1).getFirst();
        assertThat(failed.getPassed()).isFalse();
        assertThat(failed.getEvaluationsList()).containsExactly(checked.getName());
        assertThat(failed.getReason())
                .isEqualTo(
                        "5 of 190 rows are in the training data (0.0263): at most 0.0200 is allowed; 10 rows have too"
                                + " little text to be searched for");
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, () -> promote(1))).contains("unseen: 5 of 190 rows");

        checked(contamination(3).addUnsearched(unsearched("", "models/far/versions/1", "base of others")));
        GateResult passed = check(1).getFirst();
        assertThat(passed.getPassed()).isTrue();
        assertThat(passed.getReason()).endsWith("; not known: models/far/versions/1 (base of others)");
        assertThat(promote(1).getVersion()).isEqualTo("models/base/versions/1");

        // Data that this installation had is not searched: not known to be clean.
        checked(contamination(0).addUnsearched(unsearched("datasets/web", "models/base/versions/1", "deleted")));
        GateResult deleted = check(1).getFirst();
        assertThat(deleted.getPassed()).isFalse();
        assertThat(deleted.getReason()).endsWith("; not searched: datasets/web of models/base/versions/1 (deleted)");
        checked(Contamination.newBuilder().setUncheckedRows(ROWS));
        assertThat(check(1).getFirst().getReason()).isEqualTo("no row has enough text of its own to be searched for");
    }

    @Test
    void aContaminationOfOtherRowsIsRefused() {
        assertThat(refusal(
                        Status.Code.INVALID_ARGUMENT,
                        () -> checked(Contamination.newBuilder().setCheckedRows(ROWS - 1))))
                .contains("success.results[0].contamination.checked_rows: must be at least flagged_rows, and the task's"
                        + " rows without unchecked_rows");
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> checked(contamination(191))))
                .contains("contamination.checked_rows");
    }

    private static Contamination.Builder contamination(int flagged) {
        return Contamination.newBuilder()
                .setCheckedRows(ROWS - 10)
                .setUncheckedRows(10)
                .setFlaggedRows(flagged);
    }

    private static UnsearchedData unsearched(String dataset, String version, String reason) {
        return UnsearchedData.newBuilder()
                .setData(TrainingData.newBuilder()
                        .setDataset(dataset)
                        .setVersion(version)
                        .setDatasetDigest(dataset.isEmpty() ? "" : "sha256:" + "0".repeat(64)))
                .setReason(reason)
                .build();
    }

    private Evaluation checked(Contamination.Builder contamination) {
        return fixture.evaluated(
                spec(1).setCheckContamination(true),
                records(ROWS, 140),
                result(ROWS, 0.65).toBuilder().setContamination(contamination).build());
    }

    @Test
    void failedGatesAreOverriddenWithAReasonAndTheHistoryKeepsThem() {
        set(threshold(0.6));
        SetAliasRequest request = SetAliasRequest.newBuilder()
                .setName(ALIAS)
                .setVersion("models/base/versions/1")
                .setOverrideGates(true)
                .build();
        assertThat(refusal(Status.Code.INVALID_ARGUMENT, () -> registry.models().setAlias(request)))
                .contains("reason: must say why gates are overridden");
        registry.models().setAlias(request.toBuilder().setReason("incident 42").build());
        AliasMove move = history().getFirst();
        assertThat(move.getReason()).isEqualTo("incident 42");
        assertThat(move.getOverriddenGatesList()).containsExactly(ALIAS + "/gates/a");
        assertThat(move.getOverriddenBy()).isEqualTo("users/local");

        delete("a");
        promote(2);
        assertThat(history().getFirst().getOverriddenGatesList()).isEmpty();
        assertThat(history().getFirst().getOverriddenBy()).isEmpty();
    }

    @Test
    void aRollbackIsNeverRefused() {
        promote(1);
        promote(2);
        set(threshold(0.6));
        assertThat(registry.models()
                        .rollbackAlias(
                                RollbackAliasRequest.newBuilder().setName(ALIAS).build())
                        .getAlias()
                        .getVersion())
                .isEqualTo("models/base/versions/1");
    }

    @Test
    void aSuiteWithAGateIsKeptAndAModelTakesItsGatesWithIt() {
        set(threshold(0.6));
        assertThat(refusal(Status.Code.FAILED_PRECONDITION, this::deleteSuite)).contains(ALIAS + "/gates/a");
        registry.models()
                .deleteModel(DeleteModelRequest.newBuilder()
                        .setName("models/base")
                        .setForce(true)
                        .build());
        deleteSuite();
        assertThat(list()).isEmpty();
    }

    private void deleteSuite() {
        var _ = fixture.suites()
                .deleteSuite(
                        DeleteSuiteRequest.newBuilder().setName("suites/tiny").build());
    }

    private static Gate.Builder gate(String id) {
        return Gate.newBuilder()
                .setName(ALIAS + "/gates/" + id)
                .setSuiteRevision("suites/tiny")
                .setTask("yesno");
    }

    private static Gate.Builder threshold(double bound) {
        return gate("a").setThreshold(ThresholdRule.newBuilder().setBound(bound));
    }

    private Gate set(Gate.Builder gate) {
        return gates.setGate(SetGateRequest.newBuilder().setGate(gate).build()).getGate();
    }

    private List<Gate> list() {
        return gates.listGates(ListGatesRequest.newBuilder().setAlias(ALIAS).build())
                .getGatesList();
    }

    private void delete(String id) {
        var _ = gates.deleteGate(
                DeleteGateRequest.newBuilder().setName(ALIAS + "/gates/" + id).build());
    }

    private List<GateResult> check(int version) {
        return gates.checkGates(CheckGatesRequest.newBuilder()
                        .setAlias(ALIAS)
                        .setVersion("models/base/versions/" + version)
                        .build())
                .getResultsList();
    }

    private Alias promote(int version) {
        return registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(ALIAS)
                        .setVersion("models/base/versions/" + version)
                        .build())
                .getAlias();
    }

    private List<AliasMove> history() {
        return registry.models()
                .listAliasHistory(
                        ListAliasHistoryRequest.newBuilder().setName(ALIAS).build())
                .getMovesList();
    }

    private static EvaluationSpec.Builder spec(int version) {
        return EvaluationFixture.spec()
                .setVersion("models/base/versions/" + version)
                .addTasks("yesno");
    }

    /** Evaluates a version: number of right rows of 200, lower end of the interval. */
    private Evaluation evaluated(int version, int right, double lower) {
        return fixture.evaluated(spec(version), records(ROWS, right), result(ROWS, lower));
    }

    private static List<String> records(int rows, int right) {
        return IntStream.range(0, rows)
                .mapToObj(row -> record("yesno", row, "acc", row < right ? 1 : 0, 1))
                .toList();
    }

    private static TaskResult result(int rows, double lower) {
        return TaskResult.newBuilder()
                .setTask("yesno")
                .setRows(rows)
                .setShots(2)
                .addMetrics(MetricResult.newBuilder()
                        .setMetric("acc")
                        .setValue(0.65)
                        .setLower(lower)
                        .setUpper(0.75)
                        .setHigherIsBetter(true))
                .build();
    }
}
