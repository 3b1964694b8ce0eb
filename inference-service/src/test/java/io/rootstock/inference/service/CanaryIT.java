package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.artifacts.Digest;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.Completion;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ServedCanary;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A canary beside the version of an alias, in the packaged service. The alias's version continues "a" with "bcd", the
 * canary with "cbd".
 */
@Timeout(300)
class CanaryIT {
    private static final int CONTEXT = 4096;

    @TempDir
    Path scratch;

    private ServingFixture serving;
    /** The metrics before the test. */
    private Scrape before;

    private Version first;
    private Version second;

    @BeforeEach
    void start() {
        serving = ServingFixture.shared(scratch);
        before = Scrape.of(serving);
        first = serving.serve(
                "m",
                1,
                VersionKind.VERSION_KIND_BASE,
                TinyModel.reciting("abcd").contextLength(CONTEXT));
        second = version(2, TinyModel.reciting("acbd").contextLength(CONTEXT));
    }

    @AfterEach
    void stop() {
        serving.close();
    }

    private Version version(int number, TinyModel weights) {
        return serving.version("m", number, VersionKind.VERSION_KIND_BASE, weights);
    }

    private Completion answer(String requestId, String prompt) {
        GenerationOptions.Builder options = options(10).setRequestId(requestId);
        return serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel("m")
                        .setPrompt(prompt)
                        .setOptions(options)
                        .build())
                .getCompletions(0);
    }

    /** Generates a completion, checks that its text fits its version, and returns true if the canary answered. */
    private boolean answeredByCanary(String requestId) {
        Completion answer = answer(requestId, "a");
        boolean byCanary = answer.getFinish().getVersion().equals(second.getName());
        assertThat(answer.getText()).isEqualTo(byCanary ? "cbd" : "bcd");
        return byCanary;
    }

    private long answeredByCanary(int requests) {
        return IntStream.range(0, requests)
                .filter(i -> answeredByCanary("conversation-" + i))
                .count();
    }

    private ServedModel served() {
        return serving.service
                .calls()
                .listServedModels(ListServedModelsRequest.getDefaultInstance())
                .getModels(0);
    }

    private void awaitCanary(Predicate<ServedCanary> condition) {
        serving.service.await("models/m", model -> model.hasCanary() && condition.test(model.getCanary()));
    }

    private void setCanary(Version version, int percent, boolean shadow) {
        serving.registry.setCanary(first, version, percent, shadow);
        awaitCanary(canary -> canary.getVersion().equals(version.getName())
                && canary.getPercent() == percent
                && canary.getState() == ServedState.SERVED_STATE_READY);
    }

    @Test
    void theCanaryAnswersItsPercentageAndARequestIdKeepsItsVersion() {
        setCanary(second, 25, false);
        // A hash of the request id selects the version, so the canary always answers 48 of these 200 requests.
        assertThat(answeredByCanary(200)).isEqualTo(48);
        assertThat(served().getCanary().getAnswered().getTexts()).isEqualTo(48);
        assertThat(served().getFigures().getTexts()).isEqualTo(152);
        assertThat(served().getCanary().getAnswered().getTokens()).isEqualTo(48 * 3);
        assertThat(served().getCanary().getShadowed().getTexts()).isZero();
        String taken = IntStream.range(0, 200)
                .mapToObj(i -> "conversation-" + i)
                .filter(this::answeredByCanary)
                .findFirst()
                .orElseThrow();

        setCanary(second, 60, false);
        assertThat(answeredByCanary(taken)).isTrue();
        assertThat(answeredByCanary(200)).isEqualTo(118);
        setCanary(second, 100, false);
        assertThat(answeredByCanary(20)).isEqualTo(20);

        // Promoting the first version removes the canary without a restart.
        serving.registry.promote(first);
        serving.service.await("models/m", model -> !model.hasCanary());
        assertThat(answeredByCanary(20)).isZero();
    }

    @Test
    void aRequestMayNameTheVersionOrTheCanary() {
        setCanary(second, 0, false);
        assertThat(ofVersion(first.getName()).getText()).isEqualTo("bcd");
        assertThat(ofVersion(second.getName()).getText()).isEqualTo("cbd");
        assertThat(ofVersion(second.getName()).getFinish().getVersion()).isEqualTo(second.getName());
        assertThat(refusal(() -> ofVersion("models/m/versions/3"))).isEqualTo("NOT_FOUND RESOURCE_NOT_FOUND");

        serving.registry.promote(first);
        serving.service.await("models/m", model -> !model.hasCanary());
        assertThat(refusal(() -> ofVersion(second.getName()))).isEqualTo("NOT_FOUND RESOURCE_NOT_FOUND");
    }

    private Completion ofVersion(String version) {
        return serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel(version)
                        .setPrompt("a")
                        .setOptions(options(10))
                        .build())
                .getCompletions(0);
    }

    @Test
    void shadowCopiesAreMeasuredAndNotReturnedToClients() {
        setCanary(second, 0, true);
        for (int i = 1; i <= 5; i++) {
            assertThat(answeredByCanary("request-" + i)).isFalse();
            int copies = i;
            awaitCanary(canary -> canary.getShadowed().getTexts() == copies);
        }
        ServedModel model = served();
        assertThat(model.getFigures().getTexts()).isEqualTo(5);
        assertThat(model.getCanary().getShadowed().getTokens()).isEqualTo(15);
        assertThat(model.getCanary().getShadowed().getErrors()).isZero();
        assertThat(model.getCanary().getAnswered().getTexts()).isZero();
        Scrape scrape = Scrape.of(serving);
        assertThat(scrape.since(
                        before, "version_tokens_total", "version=\"" + second.getName() + "\"", "role=\"shadow\""))
                .isEqualTo(15);
        // Token and duration metrics of requests exclude shadow copies.
        assertThat(scrape.since(before, "tokens_total", "type=\"output\"")).isEqualTo(15);
        assertThat(scrape.since(before, "request_duration_seconds_count", "operation=\"text_completion\""))
                .isEqualTo(5);
    }

    @Test
    void anAbortDoesNotCountTheShadowCopyOfTheRequest() {
        Version endless = version(3, TinyModel.repeating("abcdefg").contextLength(CONTEXT));
        Version other = version(4, TinyModel.repeating("agfedcb").contextLength(CONTEXT));
        serving.registry.promote(endless);
        serving.service.await("models/m", model -> model.getVersion().equals(endless.getName()));
        serving.registry.setCanary(endless, other, 0, true);
        awaitCanary(canary -> canary.getState() == ServedState.SERVED_STATE_READY);
        try (PausedStream stream = new PausedStream(
                serving.service.port(),
                GenerateStreamRequest.newBuilder()
                        .setModel("m")
                        .setPrompt("a")
                        .setOptions(PausedStream.large(options(CONTEXT - 10)).setRequestId("one"))
                        .build())) {
            await(() -> served().getActiveRequests() == 1);
            assertThat(serving.control()
                            .abort(AbortRequest.newBuilder().setRequestId("one").build())
                            .getAborted())
                    .isEqualTo(1);
            assertThat(refusal(stream::end)).isEqualTo("ABORTED REQUEST_ABORTED");
        }
        awaitCanary(canary -> canary.getShadowed().getTexts() == 1);
    }

    @Test
    void aRequestBeyondTheCanarysContextIsAnsweredByTheOtherVersion() {
        Version narrow = version(3, TinyModel.reciting("acbd").contextLength(64));
        String wide = "d".repeat(100) + "a";
        serving.registry.setCanary(first, narrow, 100, false);
        awaitCanary(canary -> canary.getState() == ServedState.SERVED_STATE_READY);
        assertThat(answer("short", "a").getFinish().getVersion()).isEqualTo(narrow.getName());
        Completion whole = answer("long", wide);
        assertThat(whole.getText()).isEqualTo("bcd");
        assertThat(whole.getFinish().getVersion()).isEqualTo(first.getName());

        serving.registry.setCanary(first, narrow, 0, true);
        awaitCanary(canary -> canary.getPercent() == 0 && canary.getShadow());
        for (int i = 0; i < 4; i++) {
            assertThat(answer("shadowed-" + i, wide).getText()).isEqualTo("bcd");
        }
        assertThat(answer("copied", "a").getText()).isEqualTo("bcd");
        // A request that exceeds the canary's context does not count as its failure: it still receives shadow copies.
        awaitCanary(canary -> canary.getShadowed().getTexts() == 1
                && canary.getState() == ServedState.SERVED_STATE_READY
                && canary.getShadowed().getErrors() == 0);
        assertThat(Scrape.of(serving).since(before, "refusals_total")).isZero();
    }

    @Test
    void aCanaryThatFailsToLoadReportsItsErrorAndReceivesNoRequests() throws IOException {
        Path file = serving.store.verified(Digest.parse(second.getArtifacts(0).getDigest()));
        Path elsewhere = Files.move(file, scratch.resolve("elsewhere"));
        serving.registry.setCanary(first, second, 100, true);
        awaitCanary(canary -> canary.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
        ServedModel model = served();
        assertThat(model.getState()).isEqualTo(ServedState.SERVED_STATE_READY);
        assertThat(model.getVersion()).isEqualTo(first.getName());
        assertThat(model.getCanary().getError()).startsWith(second.getName() + " cannot be served");
        assertThat(answeredByCanary(20)).isZero();

        // Another canary replaces it; then the first canary returns, after its file is restored.
        Version third = version(3, TinyModel.reciting("acbd"));
        setCanary(third, 0, true);
        Files.move(elsewhere, file);
        setCanary(second, 100, false);
        assertThat(answeredByCanary("any")).isTrue();
    }

    private ServedModel awaitClassifier(Predicate<ServedModel> condition) {
        return serving.service.await("models/spam", condition);
    }

    /** Classifies two texts, checks their labels, and returns true if the canary, version 2, answered. */
    private boolean classifiedByCanary() {
        ClassifyResponse response = serving.service
                .calls()
                .classify(ClassifyRequest.newBuilder()
                        .setModel("spam")
                        .addTexts("one")
                        .addTexts("two")
                        .build());
        boolean byCanary = response.getVersion().equals("models/spam/versions/2");
        assertThat(response.getClassificationsList())
                .extracting(Classification::getLabel)
                .containsExactly(byCanary ? "spam" : "ham", byCanary ? "spam" : "ham");
        return byCanary;
    }

    @Test
    void classificationsAreSplitAndShadowed() throws IOException {
        Version ham = serving.classifier("spam", 1, "ham", "spam");
        Version spam = serving.classifier("spam", 2, "spam", "ham");
        serving.registry.promote(ham);
        serving.registry.setCanary(ham, spam, 50, false);
        awaitClassifier(model -> model.getState() == ServedState.SERVED_STATE_READY
                && model.getCanary().getState() == ServedState.SERVED_STATE_READY);
        int requests = 60;
        long byCanary =
                IntStream.range(0, requests).filter(_ -> classifiedByCanary()).count();
        assertThat(byCanary).isBetween(1L, requests - 1L);
        ServedModel model = awaitClassifier(_ -> true);
        assertThat(model.getCanary().getAnswered().getTexts()).isEqualTo(2 * byCanary);
        assertThat(model.getFigures().getTexts()).isEqualTo(2 * (requests - byCanary));

        serving.registry.setCanary(ham, spam, 0, true);
        awaitClassifier(served -> served.getCanary().getShadow());
        for (int i = 1; i <= 3; i++) {
            assertThat(classifiedByCanary()).isFalse();
            int copies = 2 * i;
            awaitClassifier(served -> served.getCanary().getShadowed().getTexts() == copies);
        }
    }

    @Test
    void aPromotedCanaryIsNotLoadedAgain() {
        setCanary(second, 50, false);
        answeredByCanary(10);
        long answered = served().getCanary().getAnswered().getTexts();
        serving.registry.promote(second);
        serving.service.await("models/m", model -> model.getVersion().equals(second.getName()) && !model.hasCanary());
        // The counts continue, because the loaded model stays in memory.
        assertThat(served().getFigures().getTexts()).isEqualTo(answered);
        assertThat(answeredByCanary(10)).isEqualTo(10);
        assertThat(Scrape.of(serving).since(before, "swaps_total", "model=\"models/m\""))
                .isEqualTo(1);
    }
}
