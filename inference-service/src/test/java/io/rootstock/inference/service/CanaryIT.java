package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.await;
import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.artifacts.Digest;
import io.rootstock.checkpoint.ClassifierHead;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.Completion;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ServedCandidate;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two versions of one alias in a packaged service: one that the alias points to, which says what follows in "abcd", and
 * one on trial, which says what follows in "acbd".
 */
@Timeout(300)
class CanaryIT {
    private static final int CONTEXT = 4096;

    @TempDir
    Path home;

    @TempDir
    Path scratch;

    private ServingFixture serving;
    private Version first;
    private Version second;

    @BeforeEach
    void start() throws IOException {
        serving = new ServingFixture(home, scratch, "rootstock.inference.stall-limit=10m");
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

    /** Whether the version on trial answers; that text and version belong together is seen to. */
    private boolean answeredOnTrial(String requestId) {
        Completion answer = answer(requestId, "a");
        boolean onTrial = answer.getFinish().getVersion().equals(second.getName());
        assertThat(answer.getText()).isEqualTo(onTrial ? "cbd" : "bcd");
        return onTrial;
    }

    private long answeredOnTrial(int requests) {
        return IntStream.range(0, requests)
                .filter(i -> answeredOnTrial("conversation-" + i))
                .count();
    }

    private ServedModel served() {
        return serving.service
                .calls()
                .listServedModels(ListServedModelsRequest.getDefaultInstance())
                .getModels(0);
    }

    private void awaitTrial(Predicate<ServedCandidate> condition) {
        serving.service.await("models/m", model -> model.hasCandidate() && condition.test(model.getCandidate()));
    }

    private void tryOut(Version candidate, int percent, boolean shadow) {
        serving.registry.tryOut(first, candidate, percent, shadow);
        awaitTrial(trial -> trial.getVersion().equals(candidate.getName())
                && trial.getPercent() == percent
                && trial.getState() == ServedState.SERVED_STATE_READY);
    }

    @Test
    void theVersionOnTrialAnswersItsShareAndAConversationKeepsItsVersion() {
        tryOut(second, 25, false);
        // Which ids belong to the share is decided by their hash: these are 48 of these 200 for ever.
        assertThat(answeredOnTrial(200)).isEqualTo(48);
        assertThat(served().getCandidate().getAnswered().getTexts()).isEqualTo(48);
        assertThat(served().getFigures().getTexts()).isEqualTo(152);
        assertThat(served().getCandidate().getAnswered().getTokens()).isEqualTo(48 * 3);
        assertThat(served().getCandidate().getShadowed().getTexts()).isZero();
        String taken = IntStream.range(0, 200)
                .mapToObj(i -> "conversation-" + i)
                .filter(this::answeredOnTrial)
                .findFirst()
                .orElseThrow();

        tryOut(second, 60, false);
        assertThat(answeredOnTrial(taken)).isTrue();
        assertThat(answeredOnTrial(200)).isEqualTo(118);
        tryOut(second, 100, false);
        assertThat(answeredOnTrial(20)).isEqualTo(20);

        // The trial ends as it began: nobody is asked to restart anything.
        serving.registry.promote(first);
        serving.service.await("models/m", model -> !model.hasCandidate());
        assertThat(answeredOnTrial(20)).isZero();
    }

    @Test
    void copiesAreMeasuredAndReachNobody() {
        tryOut(second, 0, true);
        for (int i = 1; i <= 5; i++) {
            assertThat(answeredOnTrial("request-" + i)).isFalse();
            int copies = i;
            awaitTrial(trial -> trial.getShadowed().getTexts() == copies);
        }
        ServedModel model = served();
        assertThat(model.getFigures().getTexts()).isEqualTo(5);
        assertThat(model.getCandidate().getShadowed().getTokens()).isEqualTo(15);
        assertThat(model.getCandidate().getShadowed().getErrors()).isZero();
        assertThat(model.getCandidate().getAnswered().getTexts()).isZero();
        Scrape scrape = Scrape.of(serving);
        assertThat(scrape.value("version_tokens_total", "version=\"" + second.getName() + "\"", "role=\"shadow\""))
                .isEqualTo(15);
        // What callers are told and what they use is counted without the copies.
        assertThat(scrape.value("tokens_total", "type=\"output\"")).isEqualTo(15);
        assertThat(scrape.value("request_duration_seconds_count", "operation=\"text_completion\""))
                .isEqualTo(5);
    }

    @Test
    void aCopyIsNoTextOfTheRequestThatIsAborted() {
        Version endless = version(3, TinyModel.repeating("abcdefg").contextLength(CONTEXT));
        Version other = version(4, TinyModel.repeating("agfedcb").contextLength(CONTEXT));
        serving.registry.promote(endless);
        serving.service.await("models/m", model -> model.getVersion().equals(endless.getName()));
        serving.registry.tryOut(endless, other, 0, true);
        awaitTrial(trial -> trial.getState() == ServedState.SERVED_STATE_READY);
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
        awaitTrial(trial -> trial.getShadowed().getTexts() == 1);
    }

    @Test
    void aVersionOnTrialThatCannotTakeARequestDisturbsNobody() {
        Version narrow = version(3, TinyModel.reciting("acbd").contextLength(64));
        String wide = "d".repeat(100) + "a";
        serving.registry.tryOut(first, narrow, 100, false);
        awaitTrial(trial -> trial.getState() == ServedState.SERVED_STATE_READY);
        assertThat(answer("short", "a").getFinish().getVersion()).isEqualTo(narrow.getName());
        Completion whole = answer("long", wide);
        assertThat(whole.getText()).isEqualTo("bcd");
        assertThat(whole.getFinish().getVersion()).isEqualTo(first.getName());

        serving.registry.tryOut(first, narrow, 0, true);
        awaitTrial(trial -> trial.getPercent() == 0 && trial.getShadow());
        for (int i = 0; i < 4; i++) {
            assertThat(answer("shadowed-" + i, wide).getText()).isEqualTo("bcd");
        }
        assertThat(answer("copied", "a").getText()).isEqualTo("bcd");
        // What the request asks too much of is no failure of the version: it goes on getting copies.
        awaitTrial(trial -> trial.getShadowed().getTexts() == 1
                && trial.getState() == ServedState.SERVED_STATE_READY
                && trial.getShadowed().getErrors() == 0);
        assertThat(Scrape.of(serving).value("refusals_total")).isZero();
    }

    @Test
    void aVersionOnTrialThatCannotBeLoadedIsToldSoAndDisturbsNobody() throws IOException {
        Path file = serving.store.verified(Digest.parse(second.getArtifacts(0).getDigest()));
        Path elsewhere = Files.move(file, scratch.resolve("elsewhere"));
        serving.registry.tryOut(first, second, 100, true);
        awaitTrial(trial -> trial.getState() == ServedState.SERVED_STATE_LOAD_FAILED);
        ServedModel model = served();
        assertThat(model.getState()).isEqualTo(ServedState.SERVED_STATE_READY);
        assertThat(model.getVersion()).isEqualTo(first.getName());
        assertThat(model.getCandidate().getError()).startsWith(second.getName() + " cannot be served");
        assertThat(answeredOnTrial(20)).isZero();

        // Another version on trial in its place, and later the first one again, whose file is back.
        Version third = version(3, TinyModel.reciting("acbd"));
        tryOut(third, 0, true);
        Files.move(elsewhere, file);
        tryOut(second, 100, false);
        assertThat(answeredOnTrial("any")).isTrue();
    }

    /** A classifier that finds all labels equally likely, and so says the first. */
    private Version classifier(int number, String... labels) throws IOException {
        Path head = scratch.resolve("head-" + number + ".safetensors");
        float[] weight = new float[labels.length * TinyModel.DIMENSION];
        ClassifierHead.write(
                head, NamedTensor.of("score.weight", weight, labels.length, TinyModel.DIMENSION), List.of(labels), 40);
        return serving
                .version("spam", number, VersionKind.VERSION_KIND_CLASSIFIER, TinyModel.random(number))
                .toBuilder()
                .addArtifacts(Artifact.newBuilder()
                        .setKind(ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD)
                        .setDigest(serving.store.putFile(head).value()))
                .build();
    }

    private ServedModel awaitClassifier(Predicate<ServedModel> condition) {
        return serving.service.await("models/spam", condition);
    }

    /** Classifies two texts; whether the second version did. */
    private boolean classifiedOnTrial() {
        ClassifyResponse response = serving.service
                .calls()
                .classify(ClassifyRequest.newBuilder()
                        .setModel("spam")
                        .addTexts("one")
                        .addTexts("two")
                        .build());
        boolean onTrial = response.getVersion().equals("models/spam/versions/2");
        assertThat(response.getClassificationsList())
                .extracting(Classification::getLabel)
                .containsExactly(onTrial ? "spam" : "ham", onTrial ? "spam" : "ham");
        return onTrial;
    }

    @Test
    void classificationsAreSharedAndCopiedToo() throws IOException {
        Version ham = classifier(1, "ham", "spam");
        Version spam = classifier(2, "spam", "ham");
        serving.registry.promote(ham);
        serving.registry.tryOut(ham, spam, 50, false);
        awaitClassifier(model -> model.getState() == ServedState.SERVED_STATE_READY
                && model.getCandidate().getState() == ServedState.SERVED_STATE_READY);
        int requests = 60;
        long onTrial =
                IntStream.range(0, requests).filter(_ -> classifiedOnTrial()).count();
        assertThat(onTrial).isBetween(1L, requests - 1L);
        ServedModel model = awaitClassifier(_ -> true);
        assertThat(model.getCandidate().getAnswered().getTexts()).isEqualTo(2 * onTrial);
        assertThat(model.getFigures().getTexts()).isEqualTo(2 * (requests - onTrial));

        serving.registry.tryOut(ham, spam, 0, true);
        awaitClassifier(served -> served.getCandidate().getShadow());
        for (int i = 1; i <= 3; i++) {
            assertThat(classifiedOnTrial()).isFalse();
            int copies = 2 * i;
            awaitClassifier(served -> served.getCandidate().getShadowed().getTexts() == copies);
        }
    }

    @Test
    void theVersionOnTrialIsPromotedWithoutBeingLoadedAgain() {
        tryOut(second, 50, false);
        answeredOnTrial(10);
        long answered = served().getCandidate().getAnswered().getTexts();
        serving.registry.promote(second);
        serving.service.await(
                "models/m", model -> model.getVersion().equals(second.getName()) && !model.hasCandidate());
        // The figures go on: it is the model that was in memory.
        assertThat(served().getFigures().getTexts()).isEqualTo(answered);
        assertThat(answeredOnTrial(10)).isEqualTo(10);
        assertThat(Scrape.of(serving).value("swaps_total", "model=\"models/m\""))
                .isEqualTo(1);
    }
}
