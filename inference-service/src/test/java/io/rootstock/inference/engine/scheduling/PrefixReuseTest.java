package io.rootstock.inference.engine.scheduling;

import static io.rootstock.inference.engine.scheduling.Answers.answer;
import static io.rootstock.inference.engine.scheduling.Answers.greedy;
import static io.rootstock.inference.engine.scheduling.Answers.options;
import static io.rootstock.inference.engine.scheduling.Answers.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.scheduling.Answers.Answer;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prefix cache and prompt cache: they shorten the prefill and do not change the generated tokens. */
@Timeout(300)
class PrefixReuseTest {
    private static final String SYSTEM = "You are a helpful assistant who answers in a few words, always. ";

    @TempDir
    static Path directory;

    private static Compute compute;
    private static LlamaModel model;

    @BeforeAll
    static void load() {
        compute = new Compute(Llama.shared(), 1);
        model = Llama.shared().load(TinyModel.random(31).write(directory.resolve("m.gguf")));
    }

    @AfterAll
    static void unload() {
        model.close();
        compute.close();
    }

    private static GenerationEngine engine(int slots, long promptCacheBytes) {
        return new GenerationEngine(
                model,
                new EngineOptions(
                        slots, 100, 1 << 20, TinyModel.CONTEXT, 16, true, Duration.ofSeconds(60), 4, promptCacheBytes),
                compute);
    }

    private static Answer fresh(String prompt) throws InterruptedException {
        try (GenerationEngine engine = engine(1, 0)) {
            return answer(engine, greedy(model, prompt, 20));
        }
    }

    @Test
    void aRequestWithACachedPrefixPrefillsOnlyTheRest() throws InterruptedException {
        String one = SYSTEM + "How are you on this fine morning, and how is the dog?";
        String two = SYSTEM + "What time is it?";
        try (GenerationEngine engine = engine(4, 1 << 24)) {
            answer(engine, greedy(model, one, 20));
            Answer second = answer(engine, greedy(model, two, 20));
            assertThat(second.end().cachedTokens()).isEqualTo(SYSTEM.length());
            assertThat(second.text()).isEqualTo(fresh(two).text());
            Answer again = answer(engine, greedy(model, one, 20));
            assertThat(again.end().cachedTokens()).isEqualTo(one.length() - 1);
            assertThat(again.text()).isEqualTo(fresh(one).text());
        }
    }

    @Test
    void aRequestWithoutPrefixReusePrefillsItsCompletePrompt() throws InterruptedException {
        try (GenerationEngine engine = engine(2, 1 << 24)) {
            answer(engine, greedy(model, SYSTEM, 20));
            Answer bypassed = answer(engine, greedy(model, SYSTEM, 20).withReusePrefix(false));
            assertThat(bypassed.end().cachedTokens()).isZero();
            assertThat(bypassed.text()).isEqualTo(fresh(SYSTEM).text());
        }
    }

    @Test
    void aConversationThatLostItsSlotIsRestoredFromThePromptCache() throws InterruptedException {
        try (GenerationEngine engine = engine(1, 1 << 24)) {
            String first = SYSTEM + "First turn of one conversation.";
            String answer = answer(engine, greedy(model, first, 20)).text();
            for (int other = 0; other < 3; other++) {
                String prompt = "Conversation number " + other + " is about something else. ".repeat(4);
                assertThat(answer(engine, greedy(model, prompt, 20)).text())
                        .isEqualTo(fresh(prompt).text());
            }
            Answer second = answer(engine, greedy(model, first + answer + "Second turn.", 20));
            assertThat(second.end().cachedTokens()).isGreaterThanOrEqualTo(first.length());
            assertThat(second.text())
                    .isEqualTo(fresh(first + answer + "Second turn.").text());
        }
    }

    @Test
    void withoutPromptCacheTheConversationIsPrefilledAgain() throws InterruptedException {
        try (GenerationEngine engine = engine(1, 0)) {
            answer(engine, greedy(model, SYSTEM + "One.", 20));
            answer(engine, greedy(model, "Another conversation, long enough to be kept by itself.", 20));
            Answer second = answer(engine, greedy(model, SYSTEM + "One.", 20));
            assertThat(second.end().cachedTokens()).isZero();
            assertThat(second.text()).isEqualTo(fresh(SYSTEM + "One.").text());
        }
    }

    @Test
    void manyConversationsInFewSlotsAnswerLikeSingleOnes() throws InterruptedException {
        List<String> prompts = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            prompts.add((i % 3 == 0 ? "" : SYSTEM) + "Talk about number " + i + " please" + "!".repeat(7 * (i % 4)));
            expected.add(fresh(prompts.get(i)).text());
        }
        try (GenerationEngine engine = engine(3, 1 << 21)) {
            for (int round = 0; round < 4; round++) {
                List<Generation> running = new ArrayList<>();
                for (String prompt : prompts) {
                    running.addAll(engine.submit(greedy(model, prompt, 20)));
                }
                for (int i = 0; i < prompts.size(); i++) {
                    assertThat(read(running.get(i)).text())
                            .as("%d in round %d", i, round)
                            .isEqualTo(expected.get(i));
                }
            }
        }
    }

    @Test
    void completionsOfARequestPrefillThePromptOnceAndAreReproducible() throws InterruptedException {
        SamplerOptions sampling = new SamplerOptions(1.5f, 0, 1, 0, 1, 100);
        GenerationRequest request = GenerationRequest.of(model.tokenize(SYSTEM, false), 20, sampling)
                .withCount(4);
        List<String> together = new ArrayList<>();
        int[] read = new int[1];
        EngineListener listener = new EngineListener() {
            @Override
            public void prompt(int tokens, int cached) {
                read[0] += tokens;
            }
        };
        try (GenerationEngine engine = new GenerationEngine(model, options(4, 8), compute, listener)) {
            for (Generation generation : engine.submit(request)) {
                Answer answer = read(generation);
                assertThat(answer.end().cachedTokens()).isZero();
                together.add(answer.text());
            }
        }
        assertThat(together).doesNotHaveDuplicates();
        assertThat(read[0]).isEqualTo(request.prompt().length + 3);
        try (GenerationEngine engine = engine(1, 0)) {
            for (int index = 0; index < 4; index++) {
                GenerationRequest alone = request.withCount(1).withSampling(sampling.withSeed(100 + index));
                assertThat(answer(engine, alone).text()).isEqualTo(together.get(index));
            }
        }
    }

    @Test
    void completionsStartEvenIfTheOneThatPrefillsThePromptIsCancelled() throws InterruptedException {
        try (GenerationEngine engine = engine(2, 0)) {
            List<Generation> generations = engine.submit(
                    greedy(model, SYSTEM.repeat(5), 5).withCount(6).withReusePrefix(false));
            generations.getFirst().cancel();
            String expected = fresh(SYSTEM.repeat(5)).text();
            for (Generation generation : generations.subList(1, 6)) {
                assertThat(expected).startsWith(read(generation).text());
            }
            Answers.await(() -> engine.load().active() == 0);
        }
    }
}
