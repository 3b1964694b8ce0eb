package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.Completion;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.CanaryServingState;
import io.rootstock.registry.v1.CanarySideFigures;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the packaged service reports of an analysed canary, and requests that a canary fails. The alias's version continues "a"
 * with "bcd", the canary with "cbd".
 */
@Timeout(300)
class CanaryAnalysisIT {
    private static final AtomicInteger TESTS = new AtomicInteger();

    @TempDir
    Path scratch;

    /** Of this test only: a report of an earlier test's canary may arrive late. */
    private final String model = "analysed" + TESTS.incrementAndGet();

    private ServingFixture serving;
    private Version first;

    @BeforeEach
    void start() {
        serving = ServingFixture.shared(scratch);
        first = serving.serve(model, TinyModel.reciting("abcd"));
    }

    @AfterEach
    void stop() {
        serving.close();
    }

    private Version version(int number, TinyModel weights) {
        return serving.version(model, number, VersionKind.VERSION_KIND_BASE, weights);
    }

    private void analyse(Version canary, int percent, boolean shadow) {
        serving.registry.analyse(first, canary, percent, shadow);
        serving.service.await(
                "models/" + model,
                served -> served.hasCanary()
                        && served.getCanary().getVersion().equals(canary.getName())
                        && served.getCanary().getPercent() == percent
                        && served.getCanary().getShadow() == shadow
                        && served.getCanary().getState() == ServedState.SERVED_STATE_READY);
    }

    private Completion answer(String requestId, String prompt) {
        return serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel(model)
                        .setPrompt(prompt)
                        .setOptions(options(10).setRequestId(requestId))
                        .build())
                .getCompletions(0);
    }

    /** Waits for a report that fulfils the condition. */
    private ReportCanaryFiguresRequest report(Predicate<ReportCanaryFiguresRequest> condition) {
        await(() -> reports().anyMatch(condition));
        return reports().filter(condition).findFirst().orElseThrow();
    }

    private Stream<ReportCanaryFiguresRequest> reports() {
        return serving.registry.reports().stream()
                .filter(report -> report.getAlias().equals("models/" + model + "/aliases/production"));
    }

    private static long answered(CanarySideFigures side) {
        return side.getFirstTokenCountsList().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Test
    void requestsOfBothVersionsAreReportedAlsoThoseWhileTheRegistryIsAway() throws IOException, InterruptedException {
        analyse(version(2, TinyModel.reciting("acbd")), 25, false);
        for (int i = 0; i < 100; i++) {
            Completion _ = answer("conversation-" + i, "a");
        }
        ReportCanaryFiguresRequest begun = report(
                report -> report.getMain().getRequests() + report.getCanary().getRequests() == 100);
        assertThat(begun.getAlias()).isEqualTo("models/" + model + "/aliases/production");
        assertThat(begun.getCanaryVersion()).isEqualTo("models/" + model + "/versions/2");
        assertThat(begun.getState()).isEqualTo(CanaryServingState.CANARY_SERVING_STATE_SERVING);
        assertThat(begun.getCanary().getRequests()).isBetween(15L, 35L);
        assertThat(begun.getCanary().getFailed()).isZero();
        assertThat(answered(begun.getCanary())).isEqualTo(begun.getCanary().getRequests());
        assertThat(answered(begun.getMain())).isEqualTo(begun.getMain().getRequests());

        serving.registry.stopServing();
        for (int i = 0; i < 50; i++) {
            Completion _ = answer("conversation-" + i, "a");
        }
        serving.registry.startServing();
        // A next step continues the counters; requests that name a version do not count.
        analyse(version(2, TinyModel.reciting("acbd")), 60, false);
        var _ = serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel("models/" + model + "/versions/2")
                        .setPrompt("a")
                        .setOptions(options(10))
                        .build());
        for (int i = 0; i < 50; i++) {
            Completion _ = answer("later-" + i, "a");
        }
        ReportCanaryFiguresRequest ended = report(
                report -> report.getMain().getRequests() + report.getCanary().getRequests() == 200);
        assertThat(ended.getSeries()).isEqualTo(begun.getSeries());
        assertThat(ended.getSequence()).isGreaterThan(begun.getSequence());
        assertThat(reports())
                .noneMatch(report ->
                        report.getMain().getRequests() + report.getCanary().getRequests() > 200);
    }

    @Test
    void requestsThatTheCanaryRefusesCountAsItsFailures() {
        analyse(version(2, TinyModel.reciting("acbd").contextLength(64)), 100, false);
        assertThat(answer("long", "d".repeat(100) + "a").getText()).isEqualTo("bcd");
        assertThat(answer("short", "a").getText()).isEqualTo("cbd");
        ReportCanaryFiguresRequest report = report(sent -> sent.getCanary().getRequests() == 2);
        assertThat(report.getCanary().getFailed()).isEqualTo(1);
        assertThat(report.getMain().getRequests()).isZero();
    }

    @Test
    void requestsThatTheCanaryFailsAreAnsweredByTheOtherVersion() throws IOException, InterruptedException {
        TinyModel damaged = TinyModel.reciting("acbd");
        int row = TinyModel.DIMENSION * TinyModel.token((byte) 'z');
        Arrays.fill(damaged.tensors.get("token_embd.weight"), row, row + TinyModel.DIMENSION, Float.NaN);
        analyse(version(2, damaged), 100, false);
        assertThat(answer("good", "a").getFinish().getVersion()).isEqualTo("models/" + model + "/versions/2");
        Completion whole = answer("unary", "za");
        assertThat(whole.getText()).isEqualTo("bcd");
        assertThat(whole.getFinish().getVersion()).isEqualTo(first.getName());

        StringBuilder text = new StringBuilder();
        List<GenerateStreamResponse> responses = new ArrayList<>();
        serving.service
                .calls()
                .generateStream(GenerateStreamRequest.newBuilder()
                        .setModel(model)
                        .setPrompt("za")
                        .setOptions(options(10).setRequestId("stream"))
                        .build())
                .forEachRemaining(responses::add);
        responses.forEach(response -> text.append(response.getText()));
        assertThat(text).hasToString("bcd");
        assertThat(responses.getLast().getFinish().getVersion()).isEqualTo(first.getName());

        String http = serving.post(
                        "/v1/completions",
                        "{\"model\":\"" + model + "\",\"prompt\":\"za\",\"max_tokens\":10,\"temperature\":0}")
                .body();
        assertThat(http).contains("\"text\":\"bcd\"").contains("\"model\":\"" + first.getName() + "\"");

        // The third failure in a row stops the canary.
        ReportCanaryFiguresRequest stopped =
                report(sent -> sent.getState() == CanaryServingState.CANARY_SERVING_STATE_STOPPED);
        assertThat(stopped.getError()).startsWith("3 consecutive requests failed");
        assertThat(stopped.getCanary().getRequests()).isEqualTo(4);
        assertThat(stopped.getCanary().getFailed()).isEqualTo(3);
        assertThat(stopped.getMain().getRequests()).isZero();
        assertThat(answer("after", "za").getText()).isEqualTo("bcd");
    }

    @Test
    void shadowAnswersWithoutSamplingAreScored() throws IOException {
        analyse(version(2, TinyModel.reciting("acbd")), 0, true);
        assertThat(answer("greedy", "a").getText()).isEqualTo("bcd");
        ReportCanaryFiguresRequest scored = report(sent -> sent.getAgreement().getAnswers() == 1);
        // chrF2 of "cbd" with the reference "bcd": characters agree, pairs do not; orders 1, 2 and 3 exist.
        assertThat(scored.getAgreement().getSum()).isCloseTo(1.0 / 3, within(1e-9));
        var _ = serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel(model)
                        .setPrompt("a")
                        .setOptions(options(10)
                                .setRequestId("sampled")
                                .setSampling(Sampling.newBuilder().setTemperature(1)))
                        .build());
        serving.service.await(
                "models/" + model, served -> served.getCanary().getShadowed().getTexts() == 2);
        ReportCanaryFiguresRequest last = report(sent -> sent.getMain().getRequests() == 2);
        assertThat(last.getAgreement().getAnswers()).isEqualTo(1);
    }

    @Test
    void classesOfShadowAnswersAreCompared() throws IOException {
        Version ham = serving.classifier(model, 2, "ham", "spam");
        serving.serve(ham);
        serving.registry.analyse(ham, serving.classifier(model, 3, "spam", "ham"), 0, true);
        serving.service.await(
                "models/" + model,
                served -> served.hasCanary() && served.getCanary().getState() == ServedState.SERVED_STATE_READY);
        var _ = serving.service
                .calls()
                .classify(ClassifyRequest.newBuilder()
                        .setModel(model)
                        .addTexts("one")
                        .build());
        ReportCanaryFiguresRequest report = report(sent -> sent.getAgreement().getAnswers() == 1);
        assertThat(report.getAlias()).isEqualTo("models/" + model + "/aliases/production");
        assertThat(report.getAgreement().getSum()).isZero();
        assertThat(report.getMain().getRequests()).isEqualTo(1);
    }
}
