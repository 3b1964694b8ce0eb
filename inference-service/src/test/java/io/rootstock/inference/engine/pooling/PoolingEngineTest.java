package io.rootstock.inference.engine.pooling;

import static io.rootstock.inference.engine.scheduling.Answers.greedy;
import static io.rootstock.inference.engine.scheduling.Answers.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.EngineException.Reason;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.scheduling.Answers;
import io.rootstock.inference.engine.scheduling.Generation;
import io.rootstock.inference.engine.scheduling.GenerationEngine;
import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hidden states of complete texts; chunked reading between tokens of streams; cancellation by the caller. */
@Timeout(120)
class PoolingEngineTest {
    private static final int PART = 16;

    @TempDir
    static Path directory;

    private static Compute compute;
    private static LlamaModel random;
    private static LlamaModel endless;

    @BeforeAll
    static void load() {
        compute = new Compute(Llama.shared(), 1);
        random = Llama.shared().load(TinyModel.random(31).write(directory.resolve("random.gguf")));
        endless = Llama.shared().load(TinyModel.repeating("abcdefg").write(directory.resolve("endless.gguf")));
    }

    @AfterAll
    static void unload() {
        random.close();
        endless.close();
        compute.close();
    }

    private static PoolingEngine reader(LlamaModel model, int queue, EngineListener listener) {
        return new PoolingEngine(model, TinyModel.CONTEXT, queue, PART, compute, listener);
    }

    /** Returns a text of {@code tokens} tokens, one per letter. */
    private static int[] text(LlamaModel model, int tokens) {
        return model.tokenize("abcdefg".repeat(tokens / 7 + 1).substring(0, tokens), false);
    }

    @Test
    void hiddenStatesInABatchEqualThoseOfSingleTexts() {
        List<int[]> texts = IntStream.of(1, 2, 15, 16, 17, 40, 200, 512, 3, 90)
                .mapToObj(tokens -> text(random, tokens))
                .toList();
        List<Integer> parts = new CopyOnWriteArrayList<>();
        try (PoolingEngine reader = reader(random, 100, listeningTo(parts, () -> {}))) {
            List<float[]> states = reader.read(texts, true);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(states.get(i)).as("text %d", i).containsExactly(alone(texts.get(i)), offset(1e-4f));
            }
        }
        assertThat(parts).allMatch(tokens -> tokens <= PART);
        assertThat(parts.stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(texts.stream().mapToInt(text -> text.length).sum());
    }

    private static float[] alone(int[] tokens) {
        try (LlamaContext context = random.context(
                        new ContextOptions(1, TinyModel.CONTEXT, true, TinyModel.CONTEXT, 512, 1, true, true));
                Batch batch = context.batch()) {
            for (int place = 0; place < tokens.length; place++) {
                batch.add(tokens[place], place, 0, true);
            }
            context.decode(batch);
            return context.hiddenState(tokens.length - 1);
        }
    }

    @Test
    void aRunningStreamDecodesATokenBetweenTwoChunksOfALongText() throws InterruptedException {
        Semaphore parted = new Semaphore(0);
        Semaphore made = new Semaphore(0);
        EngineListener stream = new EngineListener() {
            @Override
            public void token(double seconds) {
                parted.acquireUninterruptibly();
                made.release();
            }
        };
        List<Integer> parts = new CopyOnWriteArrayList<>();
        // Each chunk waits for a token that the stream decoded since the previous chunk.
        Runnable nextPart = () -> {
            parted.release();
            made.acquireUninterruptibly();
        };
        try (GenerationEngine engine = new GenerationEngine(endless, options(2, 4), compute, stream);
                PoolingEngine reader = reader(endless, 10, listeningTo(parts, nextPart))) {
            Generation running =
                    engine.submit(greedy(endless, "a", TinyModel.CONTEXT - 10)).getFirst();
            assertThat(running.next()).isInstanceOf(Output.Text.class);
            try {
                reader.read(List.of(text(endless, 400)), true);
            } finally {
                parted.release(TinyModel.CONTEXT);
                made.release(TinyModel.CONTEXT);
            }
        }
        // 399 tokens in chunks of 16, then the last token, whose hidden state is the result.
        assertThat(parts).hasSize(26).startsWith(PART, PART).endsWith(15, 1);
    }

    @Test
    void aPromptIsPrefilledInChunksWhileAnotherModelsStreamRuns() throws InterruptedException {
        List<Integer> batches = new CopyOnWriteArrayList<>();
        EngineListener other = listeningTo(batches, () -> {});
        try (GenerationEngine engine = new GenerationEngine(endless, options(1, 4), compute);
                GenerationEngine prompts = new GenerationEngine(random, options(1, 4), compute, other)) {
            Generation running =
                    engine.submit(greedy(endless, "a", TinyModel.CONTEXT - 10)).getFirst();
            assertThat(running.next()).isInstanceOf(Output.Text.class);
            prompts.submit(greedy(random, "x".repeat(160), 1)).getFirst().next();
            running.cancel();
        }
        // The last chunk includes the remainder of the prompt.
        assertThat(batches)
                .hasSize(9)
                .startsWith(PART, PART, PART, PART, PART, PART, PART, PART)
                .endsWith(2 * PART);
    }

    @Test
    void interruptingACallerCancelsItsTextsOnly() throws InterruptedException {
        List<Integer> parts = new CopyOnWriteArrayList<>();
        CountDownLatch reading = new CountDownLatch(3);
        Gate left = new Gate();
        Runnable nextPart = () -> {
            reading.countDown();
            if (reading.getCount() == 0) {
                left.pass();
            }
        };
        try (PoolingEngine reader = reader(random, 10, listeningTo(parts, nextPart));
                left) {
            CompletableFuture<Throwable> outcome = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    reader.read(List.of(text(random, 500), text(random, 500)), true);
                    outcome.complete(new AssertionError("the texts were read completely"));
                } catch (RuntimeException e) {
                    outcome.complete(e);
                }
            });
            reading.await();
            CompletableFuture<List<float[]>> other = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> other.complete(reader.read(List.of(text(random, 20)), true)));
            Answers.await(() -> reader.queued() == 2);
            caller.interrupt();
            assertThat(outcome.join()).isInstanceOf(CancellationException.class);
            assertThat(reader.queued())
                    .as("the cancelled caller's second text left the queue")
                    .isEqualTo(1);
            left.close();
            assertThat(other.join().getFirst()).containsExactly(alone(text(random, 20)), offset(1e-4f));
        }
        // Three chunks of the cancelled text, the last one interrupted; then the other caller's 19 + 1 tokens.
        assertThat(parts).containsExactly(PART, PART, PART, PART, 3, 1);
    }

    @Test
    void textsThatDoNotFitAreRejected() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        Gate asked = new Gate();
        Runnable nextPart = () -> {
            reading.countDown();
            asked.pass();
        };
        try (PoolingEngine reader = reader(random, 1, listeningTo(new ArrayList<>(), nextPart));
                asked) {
            assertThatThrownBy(() -> reader.read(List.of(new int[0]), true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a text of 0 tokens, not 1 to " + TinyModel.CONTEXT);
            assertThatThrownBy(() -> reader.read(List.of(new int[TinyModel.CONTEXT + 1]), true))
                    .isInstanceOf(IllegalArgumentException.class);
            CompletableFuture<List<float[]>> first = CompletableFuture.supplyAsync(
                    () -> reader.read(List.of(text(random, 100)), true), Thread::startVirtualThread);
            reading.await();
            CompletableFuture<List<float[]>> second = CompletableFuture.supplyAsync(
                    () -> reader.read(List.of(text(random, 5)), true), Thread::startVirtualThread);
            Answers.await(() -> reader.queued() == 1);
            assertThatThrownBy(() -> reader.read(List.of(text(random, 5)), true))
                    .isInstanceOfSatisfying(EngineException.class, full -> {
                        assertThat(full.reason()).isEqualTo(Reason.QUEUE_FULL);
                        assertThat(full.retryAfter()).isPositive();
                    })
                    .hasMessageContaining("1 texts are waiting already");
            asked.close();
            assertThat(first.join()).hasSize(1);
            assertThat(second.join()).hasSize(1);
        }
    }

    @Test
    void closingEndsRunningAndQueuedTexts() throws InterruptedException {
        CountDownLatch reading = new CountDownLatch(1);
        Gate closing = new Gate();
        Runnable nextPart = () -> {
            reading.countDown();
            closing.pass();
        };
        PoolingEngine reader = reader(random, 10, listeningTo(new ArrayList<>(), nextPart));
        CompletableFuture<List<float[]>> read = CompletableFuture.supplyAsync(
                () -> reader.read(List.of(text(random, 500)), true), Thread::startVirtualThread);
        reading.await();
        CompletableFuture<List<float[]>> waits = CompletableFuture.supplyAsync(
                () -> reader.read(List.of(text(random, 500)), true), Thread::startVirtualThread);
        Answers.await(() -> reader.queued() == 1);
        Thread closer = Thread.ofVirtual().start(reader::close);
        // close() waits for the reader's thread, which waits at the gate.
        Answers.await(() -> closer.getState() == Thread.State.WAITING);
        closing.close();
        closer.join();
        assertThatThrownBy(read::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .hasFieldOrPropertyWithValue("reason", Reason.CLOSED);
        assertThatThrownBy(waits::join).cause().hasFieldOrPropertyWithValue("reason", Reason.CLOSED);
    }

    private static EngineListener listeningTo(List<Integer> parts, Runnable before) {
        return new EngineListener() {
            @Override
            public void batch(int tokens) {
                parts.add(tokens);
                before.run();
            }
        };
    }

    /** Blocks the reader's thread in {@link #pass} until the gate is closed. */
    private static final class Gate implements AutoCloseable {
        private final Semaphore open = new Semaphore(0);

        void pass() {
            open.acquireUninterruptibly();
            open.release();
        }

        @Override
        public void close() {
            open.release();
        }
    }
}
