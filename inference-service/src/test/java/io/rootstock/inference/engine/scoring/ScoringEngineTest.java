package io.rootstock.inference.engine.scoring;

import static io.rootstock.inference.engine.scheduling.Answers.await;
import static io.rootstock.inference.engine.scheduling.Answers.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException.Reason;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.scheduling.EngineOptions;
import io.rootstock.inference.engine.scoring.ScoringRequest.Text;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scoring requests: their share of the engine, their end, and what their results depend on. */
@Timeout(300)
class ScoringEngineTest {
    /** Maximum difference of a log-probability between two compositions of a batch. */
    private static final double COMPOSITION = 1e-4;

    @TempDir
    static Path directory;

    private static Compute compute;
    private static LlamaModel model;

    @BeforeAll
    static void load() {
        compute = new Compute(Llama.shared(), 1);
        model = Llama.shared().load(TinyModel.random(21).write(directory.resolve("m.gguf")));
    }

    @AfterAll
    static void unload() {
        model.close();
        compute.close();
    }

    /** Continuations of different lengths, the shortest of one token. */
    private static ScoringRequest request(String prompt, int continuations) {
        return ScoringRequest.of(
                model.tokenize(prompt, false),
                IntStream.range(0, continuations)
                        .mapToObj(i -> model.tokenize("abcdefghijk".substring(i % 11) + i % 7, false))
                        .toList());
    }

    private static ScoringRequest named(ScoringRequest request, String requestId, int priority) {
        return new ScoringRequest(request.prompt(), request.texts(), request.adapter(), requestId, priority);
    }

    private static ScoringEngine engine(EngineOptions options, EngineListener listener) {
        return new ScoringEngine(model, options, compute, listener);
    }

    private static ScoringEngine engine() {
        return engine(options(2, 2), EngineListener.NONE);
    }

    /** Scores on a new virtual thread: the common pool has one thread on a small machine. */
    private static CompletableFuture<List<ScoredContinuation>> scoring(ScoringEngine engine, ScoringRequest request) {
        return CompletableFuture.supplyAsync(
                () -> engine.score(request), task -> Thread.ofVirtual().start(task));
    }

    private static void awaitIdle(ScoringEngine engine) {
        await(() -> engine.active() == 0 && engine.queued() == 0);
    }

    private static ScoringRequest one(int[] prompt, Text text) {
        return new ScoringRequest(prompt, List.of(text), Optional.empty(), "", 0);
    }

    private static double largestDifference(ScoredContinuation a, ScoredContinuation b) {
        assertThat(a.tokens()).hasSameSizeAs(b.tokens());
        double difference = 0;
        for (int token = 0; token < a.tokens().size(); token++) {
            assertThat(a.tokens().get(token).token())
                    .isEqualTo(b.tokens().get(token).token());
            difference = Math.max(
                    difference,
                    Math.abs(a.tokens().get(token).logprob()
                            - b.tokens().get(token).logprob()));
        }
        return difference;
    }

    /** Counts tokens that are decoded, and those that are not because several texts have them in common. */
    private static final class Tokens implements EngineListener {
        private final List<Integer> parts = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void batch(int tokens) {
            parts.add(tokens);
        }

        int decoded() {
            return parts.stream().mapToInt(Integer::intValue).sum();
        }
    }

    @Test
    void continuationsAreScoredEquallyAloneAndAmongMoreThanAPackHolds() {
        ScoringRequest many = request("A prompt that all of the continuations share: ", 200);
        double difference = 0;
        try (ScoringEngine engine = engine()) {
            List<ScoredContinuation> together = engine.score(many);
            assertThat(together).hasSize(200);
            for (int i = 0; i < 200; i += 3) {
                Text text = many.texts().get(i);
                // Another text between them: no cells of the prompt are kept.
                engine.score(request("between", 1));
                ScoredContinuation alone =
                        engine.score(one(many.prompt(), text)).getFirst();
                assertThat(alone.tokens()).hasSize(text.scored());
                difference = Math.max(difference, largestDifference(together.get(i), alone));
            }
            awaitIdle(engine);
        }
        assertThat(difference).isLessThan(COMPOSITION);
    }

    @Test
    void aCommonPromptIsDecodedOnce() {
        Tokens tokens = new Tokens();
        ScoringRequest request = request("A prompt that all of the continuations share: ", 40);
        try (ScoringEngine engine = engine(options(4, 4), tokens)) {
            engine.score(request);
        }
        // Equal continuations are decoded once, and of those that begin equally only the ends.
        TokenTree tree = new TokenTree();
        int nodes = 0;
        ScoringJob job = new ScoringJob(request);
        for (int i = 0; i < 40; i++) {
            Text text = request.texts().get(i);
            nodes += tree.insert(new PackedText(job, i, request.tokens(text), text.scored(), i));
        }
        assertThat(tokens.decoded()).isEqualTo(nodes).isLessThan(request.prompt().length + 40 * 12);
    }

    @Test
    void aPromptThatTheLastPackHasIsNotDecodedAgain() {
        Tokens tokens = new Tokens();
        int[] prompt = model.tokenize("Examples that come before each of the questions. ".repeat(4), false);
        int[] first = model.tokenize("first", false);
        int[] second = model.tokenize("second", false);
        List<ScoredContinuation> after;
        try (ScoringEngine engine = engine(options(4, 4), tokens)) {
            engine.score(ScoringRequest.of(prompt, List.of(first)));
            assertThat(tokens.decoded()).isEqualTo(prompt.length + first.length - 1);
            after = engine.score(ScoringRequest.of(prompt, List.of(second, first)));
        }
        // The logits after the prompt are needed again, so its last token is decoded again.
        assertThat(tokens.decoded())
                .isEqualTo(prompt.length + first.length - 1 + 1 + (second.length - 1) + (first.length - 1));
        try (ScoringEngine engine = engine()) {
            List<ScoredContinuation> alone = engine.score(ScoringRequest.of(prompt, List.of(second, first)));
            assertThat(largestDifference(after.get(0), alone.get(0))).isLessThan(COMPOSITION);
            assertThat(largestDifference(after.get(1), alone.get(1))).isLessThan(COMPOSITION);
        }
    }

    @Test
    void aScoredPartOfAKeptPromptIsDecodedAgain() {
        int[] prompt = model.tokenize("Examples that come before each of the questions. ".repeat(4), false);
        int[] end = model.tokenize("end", false);
        Text whole = new Text(prompt.length, end, prompt.length + end.length - 1);
        try (ScoringEngine engine = engine()) {
            ScoredContinuation alone = engine.score(one(prompt, whole)).getFirst();
            ScoringRequest both = new ScoringRequest(
                    prompt, List.of(new Text(prompt.length, end, end.length), whole), Optional.empty(), "", 0);
            ScoredContinuation after = engine.score(both).get(1);
            assertThat(after.tokens()).hasSize(prompt.length + end.length - 1);
            assertThat(largestDifference(after, alone)).isLessThan(COMPOSITION);
        }
    }

    @Test
    void requestsThatArriveWhileManyTextsAreScoredDoNotWaitForAllOfThem() {
        try (ScoringEngine engine = engine()) {
            CompletableFuture<List<ScoredContinuation>> scores = scoring(engine, request("long: ".repeat(60), 1500));
            await(() -> engine.active() > 0);
            assertThat(engine.score(request("x", 2))).hasSize(2);
            assertThat(scores).isNotDone();
            assertThat(scores.join()).hasSize(1500);
        }
    }

    @Test
    void moreRequestsThanTheQueueHoldsAreRefused() {
        EngineOptions one = new EngineOptions(1, 0, TinyModel.CONTEXT, 16, true, Duration.ofSeconds(60));
        try (ScoringEngine engine = engine(one, EngineListener.NONE)) {
            CompletableFuture<List<ScoredContinuation>> scores = scoring(engine, request("long: ".repeat(60), 1500));
            await(() -> engine.active() > 0);
            assertThatThrownBy(() -> engine.score(request("beyond the queue", 2)))
                    .hasFieldOrPropertyWithValue("reason", Reason.QUEUE_FULL)
                    .hasMessageContaining("1 scoring requests are waiting already");
            assertThat(scores.join()).hasSize(1500);
            assertThat(engine.score(request("after", 2))).hasSize(2);
        }
    }

    @Test
    void abortEndsARequestWithAllItsTexts() {
        try (ScoringEngine engine = engine()) {
            CompletableFuture<List<ScoredContinuation>> scores =
                    scoring(engine, named(request("long: ".repeat(60), 1500), "mine", 0));
            await(() -> engine.active() > 0);
            assertThat(engine.abort("another")).isZero();
            assertThat(engine.abort("mine")).isBetween(1, 1500);
            assertThatThrownBy(scores::join)
                    .cause()
                    .hasFieldOrPropertyWithValue("reason", Reason.ABORTED)
                    .hasMessageContaining("mine");
            awaitIdle(engine);
            assertThat(engine.abort("mine")).isZero();
            assertThat(engine.score(request("after", 3))).hasSize(3);
        }
    }

    @Test
    void interruptingTheCallerFreesAllTexts() {
        try (ScoringEngine engine = engine()) {
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    engine.score(request("long: ".repeat(60), 1500));
                    outcome.complete(new AssertionError("the scores were completed"));
                } catch (RuntimeException e) {
                    outcome.complete(e);
                }
            });
            await(() -> engine.active() > 0);
            caller.interrupt();
            assertThat(outcome.join()).isInstanceOf(CancellationException.class);
            awaitIdle(engine);
            assertThat(engine.score(request("after", 3))).hasSize(3);
        }
    }

    @Test
    void closingTheEngineEndsARequest() {
        CompletableFuture<List<ScoredContinuation>> scores;
        try (ScoringEngine engine = engine()) {
            scores = scoring(engine, request("long: ".repeat(60), 1500));
            await(() -> engine.active() > 0);
        }
        assertThatThrownBy(scores::join).cause().hasFieldOrPropertyWithValue("reason", Reason.CLOSED);
    }

    @Test
    void requestsOfHigherPriorityAreScoredFirst() {
        try (ScoringEngine engine = engine(options(2, 8), EngineListener.NONE)) {
            CompletableFuture<List<ScoredContinuation>> first =
                    scoring(engine, named(request("long: ".repeat(60), 700), "", 1));
            await(() -> engine.active() > 0);
            CompletableFuture<List<ScoredContinuation>> low = scoring(engine, named(request("abc", 500), "", -1));
            await(() -> engine.queued() > 500);
            CompletableFuture<List<ScoredContinuation>> high = scoring(engine, named(request("abcd", 500), "", 5));
            high.join();
            assertThat(low).isNotDone();
            first.join();
            assertThat(low.join()).hasSize(500);
        }
    }

    @Test
    void aTextMayHaveOneTokenMoreThanTheContext() {
        int[] text = model.tokenize("0123456789".repeat(60), false);
        try (ScoringEngine engine = engine()) {
            ScoringRequest full = one(new int[0], new Text(0, Arrays.copyOf(text, TinyModel.CONTEXT + 1), 5));
            assertThat(engine.score(full).getFirst().tokens()).hasSize(5);
            assertThat(engine.score(full).getFirst().tokens()).hasSize(5);
            ScoringRequest beyond = one(new int[0], new Text(0, Arrays.copyOf(text, TinyModel.CONTEXT + 2), 5));
            assertThatThrownBy(() -> engine.score(beyond))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a text of 514 tokens in a context of 512");
        }
    }

    @Test
    void textsWithDifferentPromptsAreScored() {
        int[] prompt = model.tokenize("The common beginning of two texts", false);
        int[] other = model.tokenize("The common beginning, then", false);
        int[] end = model.tokenize(" the end", false);
        ScoringRequest mixed = new ScoringRequest(
                prompt,
                List.of(
                        new Text(prompt.length, end, end.length),
                        new Text(
                                0,
                                IntStream.concat(IntStream.of(other), IntStream.of(end))
                                        .toArray(),
                                end.length),
                        new Text(20, end, end.length + 3)),
                Optional.empty(),
                "",
                0);
        try (ScoringEngine engine = engine()) {
            List<ScoredContinuation> scored = engine.score(mixed);
            assertThat(scored.get(0).logprob())
                    .isCloseTo(
                            engine.score(ScoringRequest.of(prompt, List.of(end)))
                                    .getFirst()
                                    .logprob(),
                            offset(1e-3));
            assertThat(scored.get(1).logprob())
                    .isCloseTo(
                            engine.score(ScoringRequest.of(other, List.of(end)))
                                    .getFirst()
                                    .logprob(),
                            offset(1e-3));
            assertThat(scored.get(2).tokens()).hasSize(end.length + 3);
        }
    }
}
