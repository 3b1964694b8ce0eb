package io.rootstock.inference.engine.scheduling;

import static io.rootstock.inference.engine.scheduling.Answers.answer;
import static io.rootstock.inference.engine.scheduling.Answers.await;
import static io.rootstock.inference.engine.scheduling.Answers.greedy;
import static io.rootstock.inference.engine.scheduling.Answers.options;
import static io.rootstock.inference.engine.scheduling.Answers.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException.Reason;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.scoring.ScoringEngine;
import io.rootstock.inference.engine.scoring.ScoringRequest;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A request that is cancelled, aborted or times out frees its slot, and other requests continue. */
@Timeout(600)
class CancellationTest {
    /** Context length; an endless text that is not read fills Generation.ROOM first and then pauses. */
    private static final int CONTEXT = 2 * Generation.ROOM;

    @TempDir
    static Path directory;

    private static Compute compute;
    private static LlamaModel endless;
    private static LlamaModel large;

    @BeforeAll
    static void load() {
        compute = new Compute(Llama.shared(), 1);
        endless = Llama.shared()
                .load(TinyModel.repeating("abcdefg").contextLength(CONTEXT).write(directory.resolve("endless.gguf")));
        // Slow enough to cancel a prompt during its prefill.
        large = Llama.shared()
                .load(TinyModel.random(3, 1 << 15).contextLength(8192).write(directory.resolve("large.gguf")));
    }

    @AfterAll
    static void unload() {
        endless.close();
        large.close();
        compute.close();
    }

    @Test
    void aThousandCancellationsAtRandomMomentsFreeAllResources() throws InterruptedException {
        Random random = new Random(1);
        try (GenerationEngine engine = new GenerationEngine(endless, options(6, 2000), compute)) {
            String expected = answer(engine, greedy(endless, "abc", 30)).text();
            List<Generation> kept = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                String prompt = "abcdefg".repeat(1 + random.nextInt(20));
                GenerationRequest request = greedy(endless, prompt, 1 + random.nextInt(100))
                        .withCount(1 + random.nextInt(3))
                        .withRequestId("request-" + i)
                        .withPriority(random.nextInt(3));
                if (random.nextInt(4) == 0) {
                    request = request.withGrammar(Optional.of("root ::= [a-g]*"))
                            .withSampling(new SamplerOptions(1, 5, 1, 0, 1, i));
                }
                List<Generation> generations = engine.submit(request);
                if (random.nextInt(2) == 0) {
                    LockSupport.parkNanos(random.nextInt(3_000_000));
                }
                if (random.nextInt(10) == 0) {
                    engine.abort("request-" + i);
                } else {
                    generations.forEach(Generation::cancel);
                }
                if (i % 50 == 0) {
                    kept.addAll(engine.submit(greedy(endless, "abc", 30)));
                }
            }
            for (Generation generation : kept) {
                assertThat(read(generation).text()).isEqualTo(expected);
            }
            await(() -> engine.load().active() == 0 && engine.load().queued() == 0);
            assertThat(engine.load().queuedTokens()).isZero();
            assertThat(engine.load().usedCells())
                    .isLessThanOrEqualTo(engine.load().cells());
            // All six slots are usable concurrently.
            List<Generation> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.addAll(engine.submit(greedy(endless, "abc", 400)));
            }
            for (Generation generation : all) {
                assertThat(generation.next()).isInstanceOf(Output.Text.class);
            }
            assertThat(engine.load().active()).isEqualTo(6);
            all.forEach(Generation::cancel);
        }
    }

    @Test
    void cancellingALongPromptInterruptsItsBatch() throws InterruptedException {
        EngineOptions options = new EngineOptions(2, 10, 8192, 512, true, Duration.ofSeconds(60));
        try (GenerationEngine engine = new GenerationEngine(large, options, compute)) {
            String expected = answer(engine, greedy(large, "after", 8)).text();
            Generation given =
                    engine.submit(greedy(large, "long ".repeat(1600), 10)).getFirst();
            await(() -> engine.load().active() == 1);
            given.cancel();
            await(() -> engine.load().active() == 0);
            assertThat(engine.load().usedCells())
                    .as("the prefill stopped before the end of the prompt")
                    .isLessThan(8000);
            assertThat(answer(engine, greedy(large, "after", 8)).text()).isEqualTo(expected);
        }
    }

    @Test
    void interruptingTheCallerOfAScoreInterruptsItsDecode() throws InterruptedException {
        EngineOptions options = new EngineOptions(2, 10, 8192, 512, true, Duration.ofSeconds(60));
        AtomicInteger decoded = new AtomicInteger();
        EngineListener listener = new EngineListener() {
            @Override
            public void batch(int tokens) {
                decoded.addAndGet(tokens);
            }
        };
        try (ScoringEngine engine = new ScoringEngine(large, options, compute, listener)) {
            int[] prompt = large.tokenize("long ".repeat(1600), false);
            int[] continuation = large.tokenize(" end", false);
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    engine.score(ScoringRequest.of(prompt, List.of(continuation, continuation)));
                    outcome.complete(new AssertionError("the score was completed"));
                } catch (RuntimeException e) {
                    outcome.complete(e);
                }
            });
            await(() -> engine.active() == 2);
            caller.interrupt();
            assertThat(outcome.join()).isInstanceOf(CancellationException.class);
            assertThat(engine.active() + engine.queued()).isZero();
            assertThat(decoded)
                    .as("the decode stopped before the end of the prompt")
                    .hasValueLessThan(prompt.length);
            assertThat(engine.score(ScoringRequest.of(continuation, List.of(continuation))))
                    .hasSize(1);
        }
    }

    @Test
    void anAbortEndsQueuedAndRunningRequestsOfItsId() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(endless, oneSlot(100_000), compute)) {
            Generation running = engine.submit(greedy(endless, "a", CONTEXT - 1).withRequestId("x"))
                    .getFirst();
            running.next();
            Generation waiting =
                    engine.submit(greedy(endless, "a", 5).withRequestId("x")).getFirst();
            Generation other =
                    engine.submit(greedy(endless, "a", 5).withRequestId("y")).getFirst();
            assertThat(engine.abort("x")).isEqualTo(2);
            assertThat(engine.abort("x")).isZero();
            assertThat(engine.abort("")).isZero();
            assertThatThrownBy(() -> read(running))
                    .hasFieldOrPropertyWithValue("reason", Reason.ABORTED)
                    .hasMessageContaining("x");
            assertThatThrownBy(() -> read(waiting)).hasFieldOrPropertyWithValue("reason", Reason.ABORTED);
            assertThat(read(other).text()).isEqualTo("bcdef");
        }
    }

    @Test
    void aRequestThatWaitsTooLongFailsWithAQueueTimeout() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(endless, oneSlot(100_000), compute)) {
            Generation running =
                    engine.submit(greedy(endless, "a", CONTEXT - 1)).getFirst();
            running.next();
            Generation late = engine.submit(greedy(endless, "a", 5).withQueueTimeout(Duration.ofMillis(1)))
                    .getFirst();
            assertThatThrownBy(() -> read(late)).hasFieldOrPropertyWithValue("reason", Reason.QUEUE_TIMEOUT);
            running.cancel();
        }
    }

    @Test
    void requestsRunByPriorityThenByArrival() throws InterruptedException {
        // The engine's thread calls the listener; each request has another prompt length.
        List<Integer> promptLengths = Collections.synchronizedList(new ArrayList<>());
        EngineListener listener = new EngineListener() {
            @Override
            public void prompt(int read, int cached) {
                promptLengths.add(read + cached);
            }
        };
        try (GenerationEngine engine = new GenerationEngine(endless, oneSlot(100_000), compute, listener)) {
            Generation running =
                    engine.submit(greedy(endless, "a", CONTEXT - 1)).getFirst();
            running.next();
            List<Generation> waiting = new ArrayList<>();
            for (int priority : new int[] {0, 5, 0, 5, -1}) {
                String prompt = "abcdefg".substring(0, 2 + waiting.size());
                waiting.addAll(engine.submit(greedy(endless, prompt, 3).withPriority(priority)));
            }
            running.cancel();
            for (Generation text : waiting) {
                read(text);
            }
        }
        assertThat(promptLengths).containsExactly(1, 3, 5, 2, 4, 6);
    }

    @Test
    void theQueueIsBoundedInPromptTokens() throws InterruptedException {
        EngineOptions options = oneSlot(50);
        try (GenerationEngine engine = new GenerationEngine(endless, options, compute)) {
            Generation running =
                    engine.submit(greedy(endless, "a", CONTEXT - 1)).getFirst();
            running.next();
            List<Generation> waiting = engine.submit(greedy(endless, "abcdefg".repeat(5), 1));
            assertThat(engine.load().queuedTokens()).isEqualTo(35);
            assertThatThrownBy(() -> engine.submit(greedy(endless, "abcdefg".repeat(3), 1)))
                    .hasFieldOrPropertyWithValue("reason", Reason.QUEUE_FULL)
                    .hasMessageContaining("35 prompt tokens");
            running.cancel();
            assertThat(read(waiting.getFirst()).text()).isEqualTo("a");
        }
    }

    @Test
    void closingDuringALongPromptDoesNotWaitForIt() throws InterruptedException {
        Generation given;
        EngineOptions options = new EngineOptions(2, 10, 8192, 512, true, Duration.ofSeconds(60));
        try (GenerationEngine engine = new GenerationEngine(large, options, compute)) {
            given = engine.submit(greedy(large, "long ".repeat(1600), 10)).getFirst();
            await(() -> engine.load().active() == 1);
        }
        assertThatThrownBy(() -> read(given)).hasFieldOrPropertyWithValue("reason", Reason.CLOSED);
    }

    private static EngineOptions oneSlot(long queuedTokens) {
        return new EngineOptions(1, 10, CONTEXT, 16, true, Duration.ofSeconds(60)).withQueuedTokens(queuedTokens);
    }
}
