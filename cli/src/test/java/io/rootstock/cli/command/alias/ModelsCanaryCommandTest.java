package io.rootstock.cli.command.alias;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.CanaryAnalysis;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.v1.CanaryAnalysisState;
import io.rootstock.registry.v1.CanaryInterval;
import io.rootstock.registry.v1.CanaryServiceGrpc;
import io.rootstock.registry.v1.CanarySideSummary;
import io.rootstock.registry.v1.CanaryVerdict;
import io.rootstock.registry.v1.GetCanaryAnalysisRequest;
import io.rootstock.registry.v1.GetCanaryAnalysisResponse;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.SetAliasCanaryRequest;
import io.rootstock.registry.v1.SetAliasCanaryResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs {@code models canary} and {@code models canary-status} with a registry that records the requests. */
class ModelsCanaryCommandTest {
    private static final CanaryAnalysis RUNNING = CanaryAnalysis.newBuilder()
            .setAlias("models/javadoc/aliases/production")
            .setVersion("models/javadoc/versions/2")
            .setCanaryVersion("models/javadoc/versions/3")
            .setSpec(CanaryAnalysisSpec.newBuilder().addSteps(5).addSteps(50))
            .setState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_RUNNING)
            .addIntervals(interval(1, 5, CanaryVerdict.CANARY_VERDICT_GOOD, 0, "0 of 50 requests failed"))
            .setStep(1)
            .build();

    private static final CanaryAnalysis ENDED = RUNNING.toBuilder()
            .addIntervals(interval(2, 50, CanaryVerdict.CANARY_VERDICT_BAD, 9, "9 of 50 requests failed"))
            .setState(CanaryAnalysisState.CANARY_ANALYSIS_STATE_ROLLED_BACK)
            .setReason("9 of 50 requests failed")
            .setEndTime(Timestamp.newBuilder().setSeconds(1_800_000_000))
            .build();

    private final List<SetAliasCanaryRequest> requests = new ArrayList<>();
    private final List<CanaryAnalysis> analyses = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Server server;

    private static CanaryInterval interval(int number, int percent, CanaryVerdict verdict, int failed, String summary) {
        return CanaryInterval.newBuilder()
                .setNumber(number)
                .setPercent(percent)
                .setVerdict(verdict)
                .setSummary(summary)
                .setMain(CanarySideSummary.newBuilder().setRequests(950).setFirstTokenP90Milliseconds(21.5))
                .setCanary(CanarySideSummary.newBuilder()
                        .setRequests(50)
                        .setFailed(failed)
                        .setFirstTokenP90Milliseconds(43))
                .build();
    }

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Registry())
                .addService(new Canaries())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void theOptionsOfAnAnalysisAreSent() {
        assertThat(run(
                        "canary",
                        "javadoc",
                        "--version",
                        "3",
                        "--shadow",
                        "--steps",
                        "5,25,50",
                        "--interval",
                        "10m",
                        "--min-requests",
                        "200",
                        "--max-error-increase",
                        "0.01",
                        "--max-first-token-ratio",
                        "1.5",
                        "--min-agreement",
                        "0.7",
                        "--promote"))
                .isZero();
        assertThat(requests)
                .extracting(SetAliasCanaryRequest::getCanary)
                .containsExactly(AliasCanary.newBuilder()
                        .setVersion("models/javadoc/versions/3")
                        .setShadow(true)
                        .setAnalysis(CanaryAnalysisSpec.newBuilder()
                                .addAllSteps(List.of(5, 25, 50))
                                .setIntervalSeconds(600)
                                .setMinimumRequests(200)
                                .setMaximumErrorRateIncrease(0.01)
                                .setMaximumFirstTokenRatio(1.5)
                                .setMinimumAgreement(0.7)
                                .setPromote(true))
                        .build());
        assertThat(out.toString()).contains("canary javadoc:3 shadow, analysed");
    }

    @Test
    void optionsWithoutStepsAndStepsWithClearAreRefused() {
        assertThat(run("canary", "javadoc", "--version", "3", "--percent", "5", "--promote"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("missing steps of the analysis", "--steps 5,25,50");
        assertThat(run("canary", "javadoc", "--clear", "--steps", "5")).isEqualTo(1);
        assertThat(err.toString()).contains("--clear and --steps are mutually exclusive");
        assertThat(run("canary", "javadoc", "--version", "3", "--steps", "5", "--interval", "soon"))
                .isNotZero();
        assertThat(err.toString()).contains("must be seconds, minutes or hours such as 60s, 10m or 1h, was 'soon'");
        assertThat(requests).isEmpty();
    }

    @Test
    void theStatusIsATableOfIntervalsWithVerdicts() {
        analyses.add(RUNNING);
        assertThat(run("canary-status", "javadoc")).isZero();
        assertThat(out.toString())
                .contains(
                        "models/javadoc/aliases/production: canary javadoc:3 beside javadoc:2, step 2 of 2 (50 %), running",
                        "0 of 950 failed", "21.5 / 43.0 ms", "good");
    }

    @Test
    void aWatchEndsWithTheAnalysisAndReportsARollback() {
        analyses.add(RUNNING);
        analyses.add(ENDED);
        assertThat(run("canary-status", "javadoc", "--watch")).isEqualTo(1);
        assertThat(out.toString())
                .contains("interval 1 (5 %): good: 0 of 50 requests failed", "rolled back", "9 of 50 failed");
    }

    private int run(String... arguments) {
        String[] all = Stream.of(
                        Stream.of("models"),
                        Stream.of(arguments),
                        Stream.of("--registry-endpoint", "127.0.0.1:" + server.getPort()))
                .flatMap(part -> part)
                .toArray(String[]::new);
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(all);
    }

    private final class Registry extends ModelServiceGrpc.ModelServiceImplBase {
        @Override
        public void setAliasCanary(SetAliasCanaryRequest request, StreamObserver<SetAliasCanaryResponse> observer) {
            requests.add(request);
            observer.onNext(SetAliasCanaryResponse.newBuilder()
                    .setAlias(Alias.newBuilder()
                            .setName(request.getName())
                            .setVersion("models/javadoc/versions/2")
                            .setCanary(request.getCanary()))
                    .build());
            observer.onCompleted();
        }
    }

    private final class Canaries extends CanaryServiceGrpc.CanaryServiceImplBase {
        @Override
        public void getCanaryAnalysis(
                GetCanaryAnalysisRequest request, StreamObserver<GetCanaryAnalysisResponse> observer) {
            observer.onNext(GetCanaryAnalysisResponse.newBuilder()
                    .setAnalysis(analyses.size() > 1 ? analyses.removeFirst() : analyses.getFirst())
                    .build());
            observer.onCompleted();
        }
    }
}
