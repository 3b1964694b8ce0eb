package io.rootstock.registry.canary;

import static io.rootstock.registry.canary.AnalysisFixture.ALIAS;
import static io.rootstock.registry.canary.AnalysisFixture.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.AliasMove;
import io.rootstock.registry.v1.CanaryAnalysis;
import io.rootstock.registry.v1.CanaryAnalysisState;
import io.rootstock.registry.v1.CanaryInterval;
import io.rootstock.registry.v1.CanaryServingState;
import io.rootstock.registry.v1.CanaryVerdict;
import io.rootstock.registry.v1.ClearAliasCanaryRequest;
import io.rootstock.registry.v1.ListAliasHistoryRequest;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CanaryAnalysisTest {
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

    private void judge(ReportCanaryFiguresRequest.Builder report) {
        fixture.endInterval();
        assertThat(fixture.report(report)).isTrue();
    }

    private CanaryAnalysis awaitState(CanaryAnalysisState state) {
        return fixture.await(analysis -> analysis.getState() == state);
    }

    private CanaryAnalysis awaitIntervals(int count) {
        return fixture.await(analysis -> analysis.getIntervalsCount() == count);
    }

    private List<AliasMove> history() {
        return fixture.registry
                .models()
                .listAliasHistory(
                        ListAliasHistoryRequest.newBuilder().setName(ALIAS).build())
                .getMovesList();
    }

    private List<String> events() {
        try (Connection connection = fixture.registry.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select event_type || ' ' || (body::json->'data'->>'id')"
                        + " from registry.webhook_delivery order by number")) {
            List<String> events = new ArrayList<>();
            while (rows.next()) {
                events.add(rows.getString(1));
            }
            return events;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void receiveEvents() {
        fixture.execute("insert into registry.webhook (id, url, event_types, secret, state) values"
                + " ('all', 'http://127.0.0.1:1/', '{}', '', 'ENABLED')");
    }

    @Test
    void aGoodCanaryAdvancesByStepsAndIsPromoted() {
        receiveEvents();
        Alias alias = fixture.start(2, spec(5, 50).setPromote(true));
        assertThat(alias.getCanary().getPercent()).isEqualTo(5);
        assertThat(fixture.report(fixture.figures(100, 1, 10, 0))).isTrue();
        assertThat(fixture.analysis().getState()).isEqualTo(CanaryAnalysisState.CANARY_ANALYSIS_STATE_RUNNING);
        judge(fixture.figures(950, 9, 50, 0));
        CanaryAnalysis second = fixture.await(analysis -> analysis.getStep() == 1);
        assertThat(second.getReason()).startsWith("step 1 of 2 (5 %) is good");
        assertThat(fixture.alias().getCanary().getPercent()).isEqualTo(50);
        assertThat(fixture.alias().getCanary().getAnalysis().getStepsList()).containsExactly(5, 50);
        assertThat(history().getFirst().getReason())
                .isEqualTo("canary analysis: step 1 of 2 (5 %) is good: 0 of 50 requests of the canary failed (0.0 %),"
                        + " 9 of 950 of the version (0.9 %): p = 1.0, accepted increase 0.0 points");

        // Requests of the first step do not count in the second one.
        judge(fixture.figures(1050, 9, 150, 1));
        CanaryAnalysis promoted = awaitState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_PROMOTED);
        assertThat(promoted.getIntervalsList())
                .extracting(CanaryInterval::getVerdict)
                .containsExactly(CanaryVerdict.CANARY_VERDICT_GOOD, CanaryVerdict.CANARY_VERDICT_GOOD);
        assertThat(promoted.getIntervals(1).getMain().getRequests()).isEqualTo(100);
        assertThat(promoted.getIntervals(1).getCanary().getRequests()).isEqualTo(100);
        assertThat(promoted.getIntervals(1).getCanary().getFailed()).isEqualTo(1);
        assertThat(promoted.hasEndTime()).isTrue();
        assertThat(fixture.alias().getVersion()).isEqualTo("models/base/versions/2");
        assertThat(fixture.alias().hasCanary()).isFalse();
        assertThat(events()).containsExactly("canary.promoted " + ALIAS);
        assertThat(fixture.report(fixture.figures(2000, 9, 2000, 1))).isFalse();
    }

    @Test
    void withoutPromotionAGoodCanaryStaysAtItsLastStep() {
        fixture.start(2, spec(20));
        judge(fixture.figures(100, 0, 60, 0));
        assertThat(awaitState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_PASSED).getReason())
                .startsWith("step 1 of 1 (20 %) is good");
        assertThat(fixture.alias().getVersion()).isEqualTo("models/base/versions/1");
        assertThat(fixture.alias().getCanary().getPercent()).isEqualTo(20);
        // The same canary again starts another analysis.
        fixture.start(2, spec(20));
        assertThat(fixture.analysis().getState()).isEqualTo(CanaryAnalysisState.CANARY_ANALYSIS_STATE_RUNNING);
        assertThat(fixture.analysis().getIntervalsCount()).isZero();
    }

    @Test
    void aBadCanaryIsRolledBackByARegistryThatWasRestartedInTheMiddle() {
        receiveEvents();
        fixture.start(2, spec(10, 50));
        fixture.report(fixture.figures(60, 0, 20, 0));
        fixture.registry.restart();
        fixture.endInterval();
        assertThat(fixture.report(fixture.figures(950, 2, 90, 9))).isTrue();
        CanaryAnalysis ended = awaitState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_ROLLED_BACK);
        // Figures of before the restart were not judged.
        assertThat(ended.getIntervalsCount()).isEqualTo(1);
        assertThat(ended.getIntervals(0).getVerdict()).isEqualTo(CanaryVerdict.CANARY_VERDICT_BAD);
        assertThat(ended.getReason()).startsWith("9 of 90 requests of the canary failed (10.0 %)");
        assertThat(fixture.alias().hasCanary()).isFalse();
        assertThat(fixture.alias().getVersion()).isEqualTo("models/base/versions/1");
        assertThat(history().getFirst().getReason())
                .startsWith("canary analysis removed base:2: 9 of 90 requests of the canary failed");
        assertThat(events()).containsExactly("canary.rolled_back " + ALIAS);

        // A new analysis of the same version does not see the old figures.
        fixture.start(2, spec(10));
        judge(fixture.figures(60, 0, 60, 0).setSeries("another-series"));
        assertThat(awaitState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_PASSED)
                        .getIntervals(0)
                        .getCanary()
                        .getRequests())
                .isEqualTo(60);
    }

    @Test
    void repeatedAndLateReportsCountOnceAndRestartedServicesAddUp() {
        fixture.start(2, spec(10));
        ReportCanaryFiguresRequest.Builder early = fixture.figures(40, 0, 20, 0);
        ReportCanaryFiguresRequest.Builder later = fixture.figures(80, 1, 30, 0);
        assertThat(fixture.report(later)).isTrue();
        assertThat(fixture.report(later)).isTrue();
        assertThat(fixture.report(early)).isTrue();
        ReportCanaryFiguresRequest.Builder restarted =
                fixture.figures(7, 0, 25, 0).setSeries("service-1-restarted");
        fixture.endInterval();
        fixture.report(restarted);
        // The first process has not reported since the end of the interval, and could do so.
        fixture.execute("update registry.canary_report set report_time = report_time - interval '20 seconds'"
                + " where series = 'service-1'");
        CanaryInterval interval =
                awaitState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_PASSED).getIntervals(0);
        assertThat(interval.getMain().getRequests()).isEqualTo(87);
        assertThat(interval.getMain().getFailed()).isEqualTo(1);
        assertThat(interval.getCanary().getRequests()).isEqualTo(55);
    }

    @Test
    void tooFewRequestsWaitInOneEntryAndAddUp() {
        fixture.start(2, spec(10));
        judge(fixture.figures(100, 0, 10, 0));
        CanaryAnalysis waiting = awaitIntervals(1);
        assertThat(waiting.getReason())
                .isEqualTo("waiting: 100 requests of the version and 10 of the canary, 50 of each are needed");
        judge(fixture.figures(200, 0, 30, 0));
        fixture.await(analysis -> analysis.getIntervals(0).getCanary().getRequests() == 30);
        judge(fixture.figures(300, 0, 55, 0));
        CanaryAnalysis passed = awaitState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_PASSED);
        assertThat(passed.getIntervalsList())
                .extracting(CanaryInterval::getVerdict)
                .containsExactly(CanaryVerdict.CANARY_VERDICT_WAITING, CanaryVerdict.CANARY_VERDICT_GOOD);
        assertThat(passed.getIntervals(1).getCanary().getRequests()).isEqualTo(55);
    }

    @Test
    void theThirdUnclearIntervalRemovesTheCanary() {
        fixture.start(2, spec(10));
        judge(fixture.figures(900, 90, 60, 12));
        awaitIntervals(1);
        judge(fixture.figures(1000, 100, 70, 13));
        awaitIntervals(2);
        assertThat(fixture.alias().hasCanary()).isTrue();
        judge(fixture.figures(1100, 110, 80, 15));
        CanaryAnalysis ended = awaitState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_ROLLED_BACK);
        assertThat(ended.getReason()).startsWith("unclear in 3 successive intervals: 15 of 80 requests");
        assertThat(fixture.alias().hasCanary()).isFalse();
    }

    @Test
    void aStoppedCanaryIsRemovedAtOnceAndOneThatCannotBeLoadedAtTheEndOfTheInterval() {
        fixture.start(2, spec(10));
        fixture.report(fixture.figures(10, 0, 3, 3)
                .setState(CanaryServingState.CANARY_SERVING_STATE_STOPPED)
                .setError("3 consecutive requests failed"));
        assertThat(awaitState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_ROLLED_BACK)
                        .getReason())
                .isEqualTo("the canary was stopped: 3 consecutive requests failed");

        fixture.start(2, spec(10));
        fixture.report(fixture.figures(0, 0, 0, 0)
                .setSeries("next-series")
                .setState(CanaryServingState.CANARY_SERVING_STATE_LOAD_FAILED)
                .setError("out of memory"));
        assertThat(fixture.alias().hasCanary()).isTrue();
        judge(fixture.figures(0, 0, 0, 0)
                .setSeries("next-series")
                .setState(CanaryServingState.CANARY_SERVING_STATE_LOAD_FAILED)
                .setError("out of memory"));
        assertThat(awaitState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_ROLLED_BACK)
                        .getReason())
                .isEqualTo("the canary cannot be loaded: out of memory");
    }

    @Test
    void intervalsWithoutReportsAreNotGood() {
        fixture.start(2, spec(10));
        fixture.endInterval(60);
        assertThat(awaitIntervals(1).getReason())
                .isEqualTo("waiting: no inference service has reported figures of this alias yet");
        fixture.report(fixture.figures(900, 0, 100, 0));
        fixture.execute("update registry.canary_report set report_time = report_time - interval '2 hours'");
        for (int silent = 2; silent <= 3; silent++) {
            fixture.endInterval(60);
            int wanted = silent;
            fixture.await(analysis -> analysis.getState() == CanaryAnalysisState.CANARY_ANALYSIS_STATE_ROLLED_BACK
                    || silentIntervals() >= wanted);
        }
        assertThat(awaitState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_ROLLED_BACK)
                        .getReason())
                .startsWith("no inference service has reported since ")
                .endsWith(", for 3 intervals");
    }

    private int silentIntervals() {
        try (Connection connection = fixture.registry.source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select silent from registry.canary_analysis")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void changesByUsersEndTheAnalysis() {
        fixture.start(2, spec(10, 50));
        fixture.promote(3);
        assertThat(fixture.analysis().getState()).isEqualTo(CanaryAnalysisState.CANARY_ANALYSIS_STATE_STOPPED);
        assertThat(fixture.analysis().getReason()).isEqualTo("the alias was changed: by hand");
        fixture.start(2, spec(10, 50));
        fixture.start(
                AliasCanary.newBuilder().setVersion("models/base/versions/2").setPercent(30));
        assertThat(fixture.analysis().getState()).isEqualTo(CanaryAnalysisState.CANARY_ANALYSIS_STATE_STOPPED);
        assertThat(fixture.alias().getCanary().getPercent()).isEqualTo(30);
        fixture.start(2, spec(10, 50));
        fixture.registry
                .models()
                .clearAliasCanary(
                        ClearAliasCanaryRequest.newBuilder().setName(ALIAS).build());
        assertThat(fixture.analysis().getState()).isEqualTo(CanaryAnalysisState.CANARY_ANALYSIS_STATE_STOPPED);
        assertThat(fixture.analysis().getReason()).isEqualTo("the alias was changed");
    }
}
