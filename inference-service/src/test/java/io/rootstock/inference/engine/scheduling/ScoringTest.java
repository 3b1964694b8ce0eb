package io.rootstock.inference.engine.scheduling;

import static io.rootstock.inference.engine.scheduling.Answers.await;
import static io.rootstock.inference.engine.scheduling.Answers.greedy;
import static io.rootstock.inference.engine.scheduling.Answers.options;
import static io.rootstock.inference.engine.scheduling.Answers.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.rootstock.inference.engine.AbortedException;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineClosedException;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.QueueFullException;
import io.rootstock.inference.engine.scheduling.ScoringRequest.Text;
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
class ScoringTest {
    private static final int SLOTS = 8;
    private static final int QUEUE = 64;
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

    /** Scores on a new virtual thread: the common pool has one thread on a small machine. */
    private static CompletableFuture<List<ScoredContinuation>> scoring(
            GenerationEngine engine, ScoringRequest request) {
        return CompletableFuture.supplyAsync(
                () -> engine.score(request), task -> Thread.ofVirtual().start(task));
    }

    private static void awaitIdle(GenerationEngine engine) {
        await(() -> engine.load().active() == 0 && engine.load().queued() == 0);
        assertThat(engine.load().queuedTokens()).isZero();
    }

    @Test
    void continuationsAreScoredEquallyAloneAndAmongMoreThanQueueAndSlotsHold() {
        ScoringRequest many = request("A prompt that all of the continuations share: ", 200);
        double difference = 0;
        try (GenerationEngine engine = new GenerationEngine(model, options(SLOTS, QUEUE), compute)) {
            List<ScoredContinuation> together = engine.score(many);
            assertThat(together).hasSize(200);
            for (int i = 0; i < 200; i += 3) {
                Text text = many.texts().get(i);
                ScoredContinuation alone = engine.score(
                                new ScoringRequest(many.prompt(), List.of(text), Optional.empty(), "", 0))
                        .getFirst();
                assertThat(alone.tokens()).hasSize(text.scored());
                for (int token = 0; token < text.scored(); token++) {
                    assertThat(together.get(i).tokens().get(token).token())
                            .isEqualTo(alone.tokens().get(token).token());
                    difference = Math.max(
                            difference,
                            Math.abs(together.get(i).tokens().get(token).logprob()
                                    - alone.tokens().get(token).logprob()));
                }
            }
            awaitIdle(engine);
        }
        assertThat(difference).isLessThan(COMPOSITION);
    }

    @Test
    void aRequestOfMoreTextsThanTheQueueHoldsIsAcceptedBesideWaitingRequests() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(model, options(2, 4), compute)) {
            Generation running = engine.submit(greedy(model, "a", 400)).getFirst();
            running.next();
            Generation second = engine.submit(greedy(model, "b", 400)).getFirst();
            second.next();
            Generation waiting = engine.submit(greedy(model, "c", 4)).getFirst();
            CompletableFuture<List<ScoredContinuation>> scores = scoring(engine, request("to score: ", 77));
            await(() -> engine.load().queued() == 3);
            assertThatThrownBy(() -> engine.score(request("beyond the queue", 2)))
                    .isInstanceOf(QueueFullException.class);
            Generation last = engine.submit(greedy(model, "d", 4)).getFirst();
            running.cancel();
            second.cancel();
            assertThat(read(waiting).end().completionTokens()).isEqualTo(4);
            assertThat(read(last).end().completionTokens()).isEqualTo(4);
            assertThat(scores.join()).hasSize(77);
            awaitIdle(engine);
        }
    }

    @Test
    void requestsThatArriveWhileManyTextsAreScoredDoNotWaitForAllOfThem() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(model, options(2, 2), compute)) {
            CompletableFuture<List<ScoredContinuation>> scores = scoring(engine, request("long: ".repeat(60), 1500));
            await(() -> engine.load().active() > 0);
            Generation other = engine.submit(greedy(model, "x", 2)).getFirst();
            assertThat(read(other).end().completionTokens()).isEqualTo(2);
            assertThat(scores).isNotDone();
            assertThat(engine.load().queued()).isLessThanOrEqualTo(2);
            assertThat(scores.join()).hasSize(1500);
        }
    }

    @Test
    void aCommonPromptIsProcessedOnce() {
        List<Integer> processed = Collections.synchronizedList(new ArrayList<>());
        EngineListener listener = new EngineListener() {
            @Override
            public void prompt(int read, int cached) {
                processed.add(read);
            }
        };
        ScoringRequest request = request("A prompt that all of the continuations share: ", 40);
        try (GenerationEngine engine = new GenerationEngine(model, options(4, 4), compute, listener)) {
            engine.score(request);
        }
        int own = request.texts().stream().mapToInt(text -> text.rest().length).sum();
        // Each continuation decodes the last token of the prompt and all but the last of its own.
        assertThat(processed).hasSize(40);
        assertThat(processed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(request.prompt().length - 1 + own);
    }

    @Test
    void abortEndsARequestWithAllItsTexts() {
        try (GenerationEngine engine = new GenerationEngine(model, options(2, 2), compute)) {
            CompletableFuture<List<ScoredContinuation>> scores =
                    scoring(engine, named(request("long: ".repeat(60), 1500), "mine", 0));
            await(() -> engine.load().active() > 0);
            assertThat(engine.abort("another")).isZero();
            assertThat(engine.abort("mine")).isBetween(1, 2);
            assertThatThrownBy(scores::join)
                    .hasCauseInstanceOf(AbortedException.class)
                    .hasMessageContaining("mine");
            awaitIdle(engine);
            assertThat(engine.abort("mine")).isZero();
            assertThat(engine.score(request("after", 3))).hasSize(3);
        }
    }

    @Test
    void interruptingTheCallerFreesAllTexts() {
        try (GenerationEngine engine = new GenerationEngine(model, options(2, 2), compute)) {
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    engine.score(request("long: ".repeat(60), 1500));
                    outcome.complete(new AssertionError("the scores were completed"));
                } catch (RuntimeException e) {
                    outcome.complete(e);
                }
            });
            await(() -> engine.load().active() > 0);
            caller.interrupt();
            assertThat(outcome.join()).isInstanceOf(CancellationException.class);
            awaitIdle(engine);
            assertThat(engine.score(request("after", 3))).hasSize(3);
        }
    }

    @Test
    void closingTheEngineEndsARequest() {
        CompletableFuture<List<ScoredContinuation>> scores;
        try (GenerationEngine engine = new GenerationEngine(model, options(2, 2), compute)) {
            scores = scoring(engine, request("long: ".repeat(60), 1500));
            await(() -> engine.load().active() > 0);
        }
        assertThatThrownBy(scores::join).hasCauseInstanceOf(EngineClosedException.class);
    }

    @Test
    void textsOfHigherPriorityLeaveTheQueueFirst() throws InterruptedException {
        List<Integer> promptLengths = Collections.synchronizedList(new ArrayList<>());
        EngineListener listener = new EngineListener() {
            @Override
            public void prompt(int read, int cached) {
                promptLengths.add(read + cached);
            }
        };
        EngineOptions oneSlot = new EngineOptions(1, 10, TinyModel.CONTEXT, 16, true, Duration.ofSeconds(60));
        try (GenerationEngine engine = new GenerationEngine(model, oneSlot, compute, listener)) {
            Generation running = engine.submit(greedy(model, "a", 500)).getFirst();
            running.next();
            Generation generated = engine.submit(greedy(model, "ab", 1)).getFirst();
            CompletableFuture<List<ScoredContinuation>> low = scoring(engine, named(request("abc", 1), "", -1));
            await(() -> engine.load().queued() == 2);
            CompletableFuture<List<ScoredContinuation>> high = scoring(engine, named(request("abcd", 1), "", 5));
            await(() -> engine.load().queued() == 3);
            running.cancel();
            read(generated);
            low.join();
            high.join();
        }
        int rest = "abcdefghijk0".length() - 1;
        assertThat(promptLengths).containsExactly(1, 4 + rest, 2, 3 + rest);
    }

    @Test
    void aTextMayHaveOneTokenMoreThanTheContext() {
        int[] text = model.tokenize("0123456789".repeat(60), false);
        try (GenerationEngine engine = new GenerationEngine(model, options(1, 4), compute)) {
            ScoringRequest full = new ScoringRequest(
                    new int[0],
                    List.of(new Text(0, Arrays.copyOf(text, TinyModel.CONTEXT + 1), 5)),
                    Optional.empty(),
                    "",
                    0);
            assertThat(engine.score(full).getFirst().tokens()).hasSize(5);
            ScoringRequest beyond = new ScoringRequest(
                    new int[0],
                    List.of(new Text(0, Arrays.copyOf(text, TinyModel.CONTEXT + 2), 5)),
                    Optional.empty(),
                    "",
                    0);
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
        try (GenerationEngine engine = new GenerationEngine(model, options(2, 4), compute)) {
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
