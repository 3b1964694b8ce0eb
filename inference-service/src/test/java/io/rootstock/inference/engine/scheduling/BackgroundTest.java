package io.rootstock.inference.engine.scheduling;

import static io.rootstock.inference.engine.scheduling.Answers.answer;
import static io.rootstock.inference.engine.scheduling.Answers.greedy;
import static io.rootstock.inference.engine.scheduling.Answers.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.pooling.PoolingEngine;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Background requests (shadow copies) in one engine while a client reads a stream of another engine. */
@Timeout(120)
class BackgroundTest {
    private static final int LONG = 3000;

    @TempDir
    static Path directory;

    private static Compute compute;
    private static LlamaModel model;

    @BeforeAll
    static void load() {
        compute = new Compute(Llama.shared(), 1);
        model = Llama.shared()
                .load(TinyModel.repeating("abcdefg").contextLength(2 * LONG).write(directory.resolve("m.gguf")));
    }

    @AfterAll
    static void unload() {
        model.close();
        compute.close();
    }

    private static EngineOptions options() {
        return new EngineOptions(1, 4, 2 * LONG, 16, true, Duration.ofSeconds(60));
    }

    private static GenerationRequest copy(int tokens) {
        return greedy(model, "a", tokens).withPriority(GenerationRequest.BACKGROUND);
    }

    @Test
    void aBackgroundRequestRunsInThePausesOfAForegroundStream() throws InterruptedException {
        AtomicInteger steps = new AtomicInteger();
        EngineListener counting = new EngineListener() {
            @Override
            public void batch(int tokens) {
                steps.incrementAndGet();
            }
        };
        try (GenerationEngine read = new GenerationEngine(model, options(), compute);
                GenerationEngine copies = new GenerationEngine(model, options(), compute, counting)) {
            Generation stream = read.submit(greedy(model, "a", LONG)).getFirst();
            assertThat(stream.next()).isInstanceOf(Output.Text.class);
            Generation copy = copies.submit(copy(LONG)).getFirst();
            assertThat(read(stream).end().completionTokens()).isEqualTo(LONG);
            // With equal turns the copy would have made as many steps as the stream.
            assertThat(steps).hasValueLessThan(LONG / 4);
            assertThat(read(copy).end().completionTokens()).isEqualTo(LONG);
        }
    }

    @Test
    void aForegroundRequestInTheSameEngineDoesNotWait() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(model, options(), compute)) {
            Generation copy = engine.submit(copy(5)).getFirst();
            assertThat(answer(engine, greedy(model, "a", 3)).text()).isEqualTo("bcd");
            assertThat(read(copy).text()).isEqualTo("bcdef");
        }
    }

    private static int[] text(int tokens) {
        return model.tokenize("abcdefg".repeat(tokens / 7), false);
    }

    @Test
    void aBackgroundTextIsReadInThePausesOfAForegroundStream() throws InterruptedException {
        List<Integer> parts = new CopyOnWriteArrayList<>();
        EngineListener counting = new EngineListener() {
            @Override
            public void batch(int tokens) {
                parts.add(tokens);
            }
        };
        try (GenerationEngine read = new GenerationEngine(model, options(), compute);
                PoolingEngine reader = new PoolingEngine(model, 2 * LONG, 10, 2, compute, counting)) {
            Generation stream = read.submit(greedy(model, "a", LONG)).getFirst();
            assertThat(stream.next()).isInstanceOf(Output.Text.class);
            CompletableFuture<List<float[]>> copy = CompletableFuture.supplyAsync(
                    () -> reader.read(List.of(text(4200)), false), Thread::startVirtualThread);
            assertThat(read(stream).end().completionTokens()).isEqualTo(LONG);
            // With equal turns the text would have had one chunk of two tokens per token of the stream.
            assertThat(parts).hasSizeLessThan(LONG / 4);
            // A foreground text queued behind the background text raises the background text's priority.
            assertThat(reader.read(List.of(text(7)), true)).hasSize(1);
            assertThat(copy.join()).hasSize(1);
            assertThat(parts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(4200 + 7);
        }
    }
}
