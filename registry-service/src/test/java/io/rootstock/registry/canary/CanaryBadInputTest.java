package io.rootstock.registry.canary;

import static io.rootstock.registry.canary.AnalysisFixture.ALIAS;
import static io.rootstock.registry.canary.AnalysisFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.evaluation.v1.GateServiceGrpc;
import io.rootstock.evaluation.v1.SetGateRequest;
import io.rootstock.evaluation.v1.ThresholdRule;
import io.rootstock.registry.evaluation.EvaluationFixture;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.CanaryAgreementFigures;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.v1.CanaryAnalysisState;
import io.rootstock.registry.v1.CanarySideFigures;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CanaryBadInputTest {
    @TempDir
    private Path scratch;

    private AnalysisFixture fixture;

    @BeforeEach
    void start() {
        fixture = new AnalysisFixture(scratch);
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private String refused(CanaryAnalysisSpec.Builder spec) {
        return refused(
                AliasCanary.newBuilder().setVersion("models/base/versions/2").setAnalysis(spec));
    }

    private String refused(AliasCanary.Builder canary) {
        return message(() -> fixture.start(canary));
    }

    private String refused(ReportCanaryFiguresRequest.Builder report) {
        return message(() -> fixture.report(report));
    }

    private static String message(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return e.getMessage();
        }
        return "accepted";
    }

    @Test
    void rulesThatMakeNoSenseAreRefused() {
        assertThat(refused(CanaryAnalysisSpec.newBuilder()))
                .contains("INVALID_ARGUMENT")
                .contains("canary.analysis.steps: must hold 1 to 20 percentages, holds 0");
        assertThat(refused(spec(5, 5))).contains("canary.analysis.steps[1]: must be above 5 and at most 99, was 5");
        assertThat(refused(spec(0))).contains("canary.analysis.steps[0]: must be above 0");
        assertThat(refused(spec(100))).contains("at most 99, was 100");
        assertThat(refused(spec(5).setIntervalSeconds(1))).contains("canary.analysis.interval_seconds: must be 2 to");
        assertThat(refused(spec(5).setMinimumRequests(-1))).contains("canary.analysis.minimum_requests");
        assertThat(refused(spec(5).setMaximumErrorRateIncrease(Double.NaN)))
                .contains("canary.analysis.maximum_error_rate_increase: must be 0 to 1, was NaN");
        assertThat(refused(spec(5).setMaximumFirstTokenRatio(0.5)))
                .contains("canary.analysis.maximum_first_token_ratio: must be 0 or 1 to 100, was 0.5");
        assertThat(refused(spec(5).setMinimumAgreement(2))).contains("canary.analysis.minimum_agreement");
        assertThat(refused(spec(5).setMinimumAgreement(0.5))).contains("needs shadow copies: set canary.shadow");
        assertThat(refused(AliasCanary.newBuilder()
                        .setVersion("models/base/versions/2")
                        .setPercent(10)
                        .setAnalysis(spec(5))))
                .contains("canary.percent: must be 0 or the first step, 5, was 10");
        assertThat(message(() -> fixture.analysis())).contains("NOT_FOUND").contains(ALIAS);
        assertThat(fixture.alias().hasCanary()).isFalse();
    }

    @Test
    void defaultsAreStored() {
        CanaryAnalysisSpec stored = fixture.start(
                        2, CanaryAnalysisSpec.newBuilder().addSteps(5))
                .getCanary()
                .getAnalysis();
        assertThat(stored.getIntervalSeconds()).isEqualTo(60);
        assertThat(stored.getMinimumRequests()).isEqualTo(50);
    }

    @Test
    void reportsThatMakeNoSenseAreRefused() {
        fixture.start(2, spec(5));
        assertThat(refused(fixture.figures(1, 0, 1, 0).setSeries("short"))).contains("series: must have 8 to 64");
        assertThat(refused(fixture.figures(1, 0, 1, 0).setSequence(0))).contains("sequence: must be at least 1");
        assertThat(refused(fixture.figures(1, 0, 1, 0).clearState())).contains("state: must be set");
        assertThat(refused(fixture.figures(1, 0, 1, 0)
                        .setMain(CanarySideFigures.newBuilder().setRequests(1).setFailed(2))))
                .contains("main.failed: must be 0 to the number of requests, was 2 of 1");
        assertThat(refused(fixture.figures(1, 0, 1, 0)
                        .setCanary(CanarySideFigures.newBuilder().setRequests(1).addFirstTokenCounts(2))))
                .contains("canary.first_token_counts[0]");
        assertThat(refused(fixture.figures(1, 0, 1, 0)
                        .setAgreement(CanaryAgreementFigures.newBuilder()
                                .setAnswers(1)
                                .setSum(2)
                                .setSumOfSquares(1))))
                .contains("agreement: must be sums of scores of 0 to 1");
        assertThat(fixture.report(fixture.figures(10, 0, 10, 0))).isTrue();
        assertThat(refused(fixture.figures(9, 0, 10, 0)))
                .contains("main.requests: must not decrease within a series, was 10 and is 9");
        assertThat(fixture.report(fixture.figures(10, 0, 10, 0).setCanaryVersion("models/base/versions/3")))
                .isFalse();
        assertThat(fixture.report(fixture.figures(10, 0, 10, 0).setAlias("models/base/aliases/other")))
                .isFalse();
    }

    @Test
    void aCanaryThatFailsAGateIsNotPromoted() {
        var _ = new EvaluationFixture(fixture.registry).withSuite();
        var _ = GateServiceGrpc.newBlockingStub(fixture.registry.channel())
                .setGate(SetGateRequest.newBuilder()
                        .setGate(Gate.newBuilder()
                                .setName(ALIAS + "/gates/quality")
                                .setSuiteRevision("suites/tiny")
                                .setTask("yesno")
                                .setThreshold(ThresholdRule.newBuilder().setBound(0.6)))
                        .build());
        fixture.start(2, spec(50).setPromote(true));
        fixture.endInterval();
        fixture.report(fixture.figures(100, 0, 100, 0));
        assertThat(fixture.await(analysis -> analysis.getState() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_PASSED)
                        .getReason())
                .startsWith("not promoted: models/base/versions/2 fails a gate of " + ALIAS);
        assertThat(fixture.alias().getVersion()).isEqualTo("models/base/versions/1");
        assertThat(fixture.alias().getCanary().getPercent()).isEqualTo(50);
    }
}
