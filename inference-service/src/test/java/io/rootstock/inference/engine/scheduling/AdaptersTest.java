package io.rootstock.inference.engine.scheduling;

import static io.rootstock.inference.engine.scheduling.Answers.answer;
import static io.rootstock.inference.engine.scheduling.Answers.greedy;
import static io.rootstock.inference.engine.scheduling.Answers.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException.Reason;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.adapter.AdapterUse;
import io.rootstock.inference.engine.adapter.Adapters;
import io.rootstock.inference.engine.scoring.ScoringEngine;
import io.rootstock.inference.engine.scoring.ScoringRequest;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaException;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class AdaptersTest {
    private static final String PROMPT = "The adapter changes what comes after this text: ";

    @TempDir
    static Path directory;

    private static Compute compute;
    private static LlamaModel model;

    @BeforeAll
    static void load() {
        compute = new Compute(Llama.shared(), 1);
        model = Llama.shared().load(TinyModel.random(51).write(directory.resolve("m.gguf")));
    }

    @AfterAll
    static void unload() {
        model.close();
        compute.close();
    }

    private static Path adapter(long seed) {
        return TinyModel.random(51).writeAdapter(directory.resolve("adapter-" + seed + ".gguf"), seed, null);
    }

    /** Generates with the merged model of an adapter. */
    private static String merged(long seed) throws InterruptedException {
        TinyModel tiny = TinyModel.random(51);
        tiny.writeAdapter(directory.resolve("merged-" + seed + ".adapter"), seed, tiny);
        try (LlamaModel changed = Llama.shared().load(tiny.write(directory.resolve("merged-" + seed + ".gguf")));
                GenerationEngine engine = new GenerationEngine(changed, options(1, 1), compute)) {
            return answer(engine, greedy(changed, PROMPT, 16)).text();
        }
    }

    private static GenerationRequest with(Adapters.Lease lease, float scale) {
        return greedy(model, PROMPT, 16).withAdapter(Optional.of(new AdapterUse(lease.adapter(), scale)));
    }

    @Test
    void batchedRequestsOfSeveralAdaptersAnswerLikeTheirMergedModels() throws InterruptedException {
        String plain;
        try (GenerationEngine engine = new GenerationEngine(model, options(1, 1), compute)) {
            plain = answer(engine, greedy(model, PROMPT, 16)).text();
        }
        List<String> expected = List.of(plain, merged(1), merged(2));
        assertThat(expected).doesNotHaveDuplicates();
        try (GenerationEngine engine = new GenerationEngine(model, options(4, 100), compute)) {
            engine.adapters().load("one", "sha256:1", adapter(1), false);
            engine.adapters().load("two", "sha256:2", adapter(2), false);
            try (Adapters.Lease one = engine.adapters().acquire("one").orElseThrow();
                    Adapters.Lease two = engine.adapters().acquire("two").orElseThrow()) {
                List<GenerationRequest> requests = List.of(greedy(model, PROMPT, 16), with(one, 1), with(two, 1));
                List<Generation> running = new ArrayList<>();
                for (int i = 0; i < 12; i++) {
                    running.addAll(engine.submit(requests.get(i % 3)));
                }
                for (int i = 0; i < 12; i++) {
                    Answers.Answer answer = Answers.read(running.get(i));
                    assertThat(answer.text()).isEqualTo(expected.get(i % 3));
                }
                assertThat(answer(engine, with(one, 0)).text()).isEqualTo(plain);
                ScoringRequest score = ScoringRequest.of(new int[] {1}, List.of(new int[] {2}));
                ScoringRequest adapted = new ScoringRequest(
                        score.prompt(), score.texts(), Optional.of(new AdapterUse(one.adapter(), 1)), "", 0);
                try (ScoringEngine scores = new ScoringEngine(model, options(4, 4), compute, EngineListener.NONE)) {
                    double own = scores.score(score).getFirst().logprob();
                    double other = scores.score(adapted).getFirst().logprob();
                    assertThat(other).isNotEqualTo(own);
                    assertThat(scores.score(score).getFirst().logprob()).isEqualTo(own);
                }
            }
        }
    }

    @Test
    void theLeastRecentlyUsedAdapterThatIsNeitherPinnedNorInUseIsEvicted() {
        EngineOptions options =
                new EngineOptions(1, 1, 1000, TinyModel.CONTEXT, 16, true, Duration.ofSeconds(60), 3, 0);
        try (GenerationEngine engine = new GenerationEngine(model, options, compute)) {
            Adapters adapters = engine.adapters();
            adapters.load("a", "sha256:1", adapter(1), true);
            adapters.load("b", "sha256:2", adapter(2), false);
            adapters.load("c", "sha256:3", adapter(3), false);
            adapters.acquire("b").orElseThrow().close();
            adapters.load("d", "sha256:4", adapter(4), false);
            assertThat(adapters.list()).extracting(Adapters.Info::name).containsExactly("a", "b", "d");
            try (Adapters.Lease b = adapters.acquire("b").orElseThrow();
                    Adapters.Lease d = adapters.acquire("d").orElseThrow()) {
                assertThat(b.adapter()).isNotSameAs(d.adapter());
                assertThatThrownBy(() -> adapters.load("e", "sha256:5", adapter(5), false))
                        .hasFieldOrPropertyWithValue("reason", Reason.ADAPTERS_FULL);
                assertThat(adapters.list())
                        .extracting(Adapters.Info::activeRequests)
                        .containsExactly(0, 1, 1);
            }
            adapters.load("e", "sha256:5", adapter(5), false);
            assertThat(adapters.list()).extracting(Adapters.Info::name).containsExactly("a", "d", "e");
            assertThat(adapters.unload("a")).isTrue();
            assertThat(adapters.unload("a")).isFalse();
            assertThat(adapters.acquire("a")).isEmpty();
        }
    }

    @Test
    void anUnloadedAdapterServesItsRunningRequests() throws InterruptedException {
        String expected = merged(1);
        try (GenerationEngine engine = new GenerationEngine(model, options(1, 4), compute)) {
            engine.adapters().load("one", "sha256:1", adapter(1), false);
            Adapters.Lease lease = engine.adapters().acquire("one").orElseThrow();
            Generation generation = engine.submit(with(lease, 1)).getFirst();
            engine.adapters().unload("one");
            // Closing the lease early does not remove the adapter from a running request.
            lease.close();
            assertThat(Answers.read(generation).text()).isEqualTo(expected);
            assertThat(answer(engine, greedy(model, PROMPT, 16)).text()).isNotEqualTo(expected);
        }
    }

    @Test
    void anAdapterOfAnotherModelIsRejected() {
        try (GenerationEngine engine = new GenerationEngine(model, options(1, 1), compute)) {
            Path other = TinyModel.random(1, 256).writeAdapter(directory.resolve("other.gguf"), 1, null);
            assertThatThrownBy(() -> engine.adapters().load("x", "sha256:9", other, false))
                    .isInstanceOf(LlamaException.class)
                    .hasMessageContaining("incorrect shape");
            assertThat(engine.adapters().list()).isEmpty();
        }
    }
}
