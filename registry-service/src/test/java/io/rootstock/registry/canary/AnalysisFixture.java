package io.rootstock.registry.canary;

import io.rootstock.registry.RegistryHarness;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.CanaryAnalysis;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.v1.CanaryServingState;
import io.rootstock.registry.v1.CanarySideFigures;
import io.rootstock.registry.v1.GetCanaryAnalysisRequest;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import io.rootstock.registry.v1.SetAliasCanaryRequest;
import io.rootstock.registry.v1.SetAliasRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;

/** A registry whose alias models/base/aliases/production points to version 1; time passes by {@link #endInterval}. */
final class AnalysisFixture implements AutoCloseable {
    static final String ALIAS = "models/base/aliases/production";

    /** Bucket of the times to the first token in reports. */
    private static final int BUCKET = 40;

    final RegistryHarness registry;
    private long sequence;

    AnalysisFixture(Path scratch) {
        registry = new RegistryHarness(scratch);
        for (int i = 0; i < 3; i++) {
            registry.register("base");
        }
        promote(1);
    }

    static CanaryAnalysisSpec.Builder spec(Integer... steps) {
        return CanaryAnalysisSpec.newBuilder()
                .addAllSteps(List.of(steps))
                .setIntervalSeconds(3600)
                .setMinimumRequests(50);
    }

    Alias promote(int version) {
        return registry.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(ALIAS)
                        .setVersion("models/base/versions/" + version)
                        .setReason("by hand")
                        .build())
                .getAlias();
    }

    Alias start(int version, CanaryAnalysisSpec.Builder spec) {
        return start(AliasCanary.newBuilder()
                .setVersion("models/base/versions/" + version)
                .setAnalysis(spec));
    }

    Alias start(AliasCanary.Builder canary) {
        return registry.models()
                .setAliasCanary(SetAliasCanaryRequest.newBuilder()
                        .setName(ALIAS)
                        .setCanary(canary)
                        .build())
                .getAlias();
    }

    /** Moves the start of the unjudged interval back, so that it ends now. */
    void endInterval() {
        endInterval(0);
    }

    /** Moves the start of the unjudged interval back, so that it ended these seconds ago. */
    void endInterval(int seconds) {
        execute("update registry.canary_analysis set start_time = start_time - interval '1 day',"
                + " interval_start = clock_timestamp() - interval '" + (3600 + seconds) + " seconds'"
                + " where end_time is null");
    }

    void execute(String statement) {
        try (Connection connection = registry.source().getConnection();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A report with a new sequence number. */
    ReportCanaryFiguresRequest.Builder figures(int requests, int failed, int canaryRequests, int canaryFailed) {
        sequence++;
        return ReportCanaryFiguresRequest.newBuilder()
                .setAlias(ALIAS)
                .setCanaryVersion("models/base/versions/2")
                .setSeries("service-1")
                .setSequence(sequence)
                .setState(CanaryServingState.CANARY_SERVING_STATE_SERVING)
                .setMain(side(requests, failed))
                .setCanary(side(canaryRequests, canaryFailed));
    }

    private static CanarySideFigures side(int requests, int failed) {
        return CanarySideFigures.newBuilder()
                .setRequests(requests)
                .setFailed(failed)
                .addAllFirstTokenCounts(Collections.nCopies(BUCKET, 0L))
                .addFirstTokenCounts(requests - failed)
                .build();
    }

    boolean report(ReportCanaryFiguresRequest.Builder report) {
        return registry.canaries().reportCanaryFigures(report.build()).getRunning();
    }

    CanaryAnalysis analysis() {
        return registry.canaries()
                .getCanaryAnalysis(
                        GetCanaryAnalysisRequest.newBuilder().setAlias(ALIAS).build())
                .getAnalysis();
    }

    CanaryAnalysis await(Predicate<CanaryAnalysis> condition) {
        RegistryHarness.eventually(() -> condition.test(analysis()));
        return analysis();
    }

    Alias alias() {
        return registry.models()
                .getModel(GetModelRequest.newBuilder().setName("models/base").build())
                .getModel()
                .getAliases(0);
    }

    @Override
    public void close() {
        registry.close();
    }
}
