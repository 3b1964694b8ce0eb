package io.rootstock.inference.engine.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.scheduling.Output.Reason;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GenerationEngineTest {
    /** Token limit of a request to {@link #endless}, which repeats "abcdefg" and never ends by itself. */
    private static final int LONG = TinyModel.CONTEXT - 10;

    @TempDir
    static Path directory;

    private static Compute compute;
    private static LlamaModel random;
    private static LlamaModel endless;

    @BeforeAll
    static void load() {
        compute = new Compute(Llama.shared(), 2);
        random = Llama.shared().load(TinyModel.random(11).write(directory.resolve("random.gguf")));
        TinyModel cycle = TinyModel.repeating("abcdefg");
        endless = Llama.shared().load(cycle.write(directory.resolve("endless.gguf")));
    }

    @AfterAll
    static void unload() {
        random.close();
        endless.close();
        compute.close();
    }

    private static EngineOptions options(int slots, int queue) {
        return new EngineOptions(slots, queue, TinyModel.CONTEXT, 16, true, Duration.ofSeconds(30));
    }

    private static GenerationRequest greedy(LlamaModel model, String prompt, int tokens, String... stop) {
        return GenerationRequest.of(model.tokenize(prompt, false), tokens, SamplerOptions.GREEDY)
                .withStop(List.of(stop));
    }

    private record Result(String text, List<String> pieces, Output.End end) {}

    private static Generation one(GenerationEngine engine, GenerationRequest request) {
        return engine.submit(request).getFirst();
    }

    private static Result read(Generation generation) throws InterruptedException {
        List<String> pieces = new ArrayList<>();
        while (true) {
            switch (generation.next()) {
                case Output.Text text -> pieces.add(text.text());
                case Output.End end -> {
                    return new Result(String.join("", pieces), pieces, end);
                }
            }
        }
    }

    @Test
    void greedyTextIsEqualAloneAndInABatch() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(random, options(4, 100), compute)) {
            List<String> prompts = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                prompts.add("prompt number " + i + " ".repeat(i) + "x".repeat(5 * i));
            }
            List<String> alone = new ArrayList<>();
            for (String prompt : prompts) {
                alone.add(read(one(engine, greedy(random, prompt, 24))).text());
            }
            List<Generation> together = prompts.stream()
                    .map(prompt -> one(engine, greedy(random, prompt, 24)))
                    .toList();
            for (int i = 0; i < prompts.size(); i++) {
                assertThat(read(together.get(i)).text()).isEqualTo(alone.get(i));
            }
        }
    }

    @Test
    void completedTextsDoNotChangeOthersInTheBatch() throws InterruptedException {
        int texts = 16;
        List<String> alone = new ArrayList<>();
        try (GenerationEngine engine = new GenerationEngine(random, options(1, 8), compute)) {
            for (int i = 0; i < texts; i++) {
                alone.add(read(one(engine, greedy(random, "text " + i, lengthOf(i))))
                        .text());
            }
        }
        try (GenerationEngine engine = new GenerationEngine(random, options(texts, texts), compute)) {
            List<Generation> together = new ArrayList<>();
            for (int i = 0; i < texts; i++) {
                together.add(one(engine, greedy(random, "text " + i, lengthOf(i))));
            }
            for (int i = 0; i < texts; i++) {
                assertThat(read(together.get(i)).text()).as("text %d", i).isEqualTo(alone.get(i));
            }
        }
    }

    /** Returns 60 for every third text and 5 or 6 for the others, so that short ones leave gaps among long ones. */
    private static int lengthOf(int text) {
        return text % 3 == 1 ? 60 : 5 + text % 2;
    }

    @Test
    void anEndOfTextTokenEndsTheStreamAndAnEmojiOfFourTokensIsNotSplit() throws InterruptedException {
        TinyModel emoji = TinyModel.reciting("ab😀cd");
        try (LlamaModel model = Llama.shared().load(emoji.write(directory.resolve("emoji.gguf")));
                GenerationEngine engine = new GenerationEngine(model, options(2, 2), compute)) {
            Result result = read(one(engine, greedy(model, "a", 100)));
            assertThat(result.text()).isEqualTo("b😀cd");
            assertThat(result.pieces()).noneMatch(piece -> piece.contains("\uFFFD"));
            assertThat(result.end().reason()).isEqualTo(Reason.END_OF_TEXT);
            assertThat(result.end().completionTokens()).isEqualTo(7);
            assertThat(result.end().promptTokens()).isEqualTo(1);
            assertThat(read(one(engine, greedy(model, "a", 3))).text()).isEqualTo("b");
        }
    }

    @Test
    void aStopStringAcrossTokensEndsTheStreamBeforeIt() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(endless, options(2, 2), compute)) {
            Result result = read(one(engine, greedy(endless, "a", 100, "ga", "efgx", "def")));
            assertThat(result.text()).isEqualTo("bc");
            assertThat(result.end().reason()).isEqualTo(Reason.STOP_STRING);
        }
    }

    @Test
    void maxTokensAndContextLengthEndAStream() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(endless, options(1, 2), compute)) {
            assertThat(read(one(engine, greedy(endless, "a", 3))).text()).isEqualTo("bcd");
            Result result = read(one(engine, greedy(endless, "abcdefg".repeat(70), 100_000)));
            assertThat(result.end().reason()).isEqualTo(Reason.LENGTH);
            assertThat(result.end().promptTokens() + result.end().completionTokens())
                    .isEqualTo(TinyModel.CONTEXT + 1);
            assertThatThrownBy(() -> one(engine, greedy(endless, "abcdefg".repeat(100), 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("700 tokens");
        }
    }

    @Test
    void aCancelledRequestFreesItsSlot() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(endless, options(1, 4), compute)) {
            Generation first = one(engine, greedy(endless, "a", LONG));
            assertThat(first.next()).isInstanceOf(Output.Text.class);
            Generation second = one(engine, greedy(endless, "a", 5));
            first.cancel();
            Result result = read(second);
            assertThat(result.text()).isEqualTo("bcdef");
            assertThat(result.end().reason()).isEqualTo(Reason.LENGTH);
        }
    }

    @Test
    void aFullQueueRejectsAtOnceAndAcceptsAfterACancellation() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(endless, options(1, 1), compute)) {
            Generation running = one(engine, greedy(endless, "a", LONG));
            running.next();
            Generation queued = one(engine, greedy(endless, "a", 2));
            assertThatThrownBy(() -> one(engine, greedy(endless, "a", 2)))
                    .isInstanceOfSatisfying(EngineException.class, full -> {
                        assertThat(full.reason()).isEqualTo(EngineException.Reason.QUEUE_FULL);
                        assertThat(full.retryAfter()).isPositive();
                    });
            queued.cancel();
            Generation next = one(engine, greedy(endless, "a", 2));
            running.cancel();
            assertThat(read(next).text()).isEqualTo("bc");
        }
    }

    @Test
    void aRequestPausesWhileItsOutputIsNotRead() throws InterruptedException {
        Generation unread = new Generation(greedy(endless, "a", 5), 0, () -> {});
        unread.append("x".repeat(Generation.ROOM), List.of(), 7);
        assertThat(unread.hasRoom()).isFalse();
        assertThat(unread.next()).isEqualTo(new Output.Text("x".repeat(Generation.ROOM), List.of(), 7));
        assertThat(unread.hasRoom()).isTrue();
    }

    @Test
    void aLongPrefillDoesNotStopARunningStream() throws InterruptedException {
        PausedEngine paused = new PausedEngine();
        try (GenerationEngine engine = new GenerationEngine(endless, options(2, 4), compute, paused)) {
            Generation stream = one(engine, greedy(endless, "a", LONG));
            paused.firstToken.await();
            Generation prompt = one(engine, greedy(endless, "abcdefg".repeat(70), 1));
            paused.submitted.countDown();
            assertThat(read(prompt).end().firstTokenMilliseconds()).isPositive();
            stream.cancel();
            // 490 prompt tokens: 29 chunks of 16 and one of 26, each with one token of the running stream.
            assertThat(paused.batches)
                    .contains(1 + 26)
                    .filteredOn(tokens -> tokens == 1 + 16)
                    .hasSize(29);
        }
    }

    @Test
    void queuedPromptsArePrefilledInOneBatch() throws InterruptedException {
        PausedEngine paused = new PausedEngine();
        try (GenerationEngine engine = new GenerationEngine(endless, options(5, 100), compute, paused)) {
            Generation stream = one(engine, greedy(endless, "abc", LONG));
            paused.firstToken.await();
            List<Generation> waiting = new ArrayList<>();
            for (String letter : List.of("a", "b", "c", "d")) {
                int[] prompt = new int[16];
                Arrays.fill(prompt, endless.tokenize(letter, false)[0]);
                waiting.add(one(engine, GenerationRequest.of(prompt, 2, SamplerOptions.GREEDY)));
            }
            paused.submitted.countDown();
            for (Generation generation : waiting) {
                read(generation);
            }
            stream.cancel();
            // One token of the stream and a prefill chunk of 16 tokens of each of the four prompts.
            assertThat(paused.batches).contains(1 + 4 * 16);
        }
    }

    /** Holds the engine after its first token until the test has submitted further requests. */
    private static final class PausedEngine implements EngineListener {
        private final CountDownLatch firstToken = new CountDownLatch(1);
        private final CountDownLatch submitted = new CountDownLatch(1);
        private final List<Integer> batches = new CopyOnWriteArrayList<>();

        @Override
        public void firstToken(double seconds) {
            firstToken.countDown();
            awaitUninterruptibly(submitted);
        }

        @Override
        public void batch(int tokens) {
            batches.add(tokens);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void closingEndsEveryRequest() {
        Generation running;
        Generation queued;
        try (GenerationEngine engine = new GenerationEngine(endless, options(1, 4), compute)) {
            running = one(engine, greedy(endless, "a", LONG));
            queued = one(engine, greedy(endless, "a", LONG));
        }
        assertThatThrownBy(() -> read(running)).hasFieldOrPropertyWithValue("reason", EngineException.Reason.CLOSED);
        assertThatThrownBy(() -> read(queued)).hasFieldOrPropertyWithValue("reason", EngineException.Reason.CLOSED);
    }
}
