package io.rootstock.inference.engine.scheduling;

import static io.rootstock.inference.engine.scheduling.Answers.answer;
import static io.rootstock.inference.engine.scheduling.Answers.greedy;
import static io.rootstock.inference.engine.scheduling.Answers.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.sampling.Logprobs;
import io.rootstock.inference.engine.sampling.TokenLogprob;
import io.rootstock.inference.engine.sampling.TokenRules;
import io.rootstock.inference.engine.scheduling.Answers.Answer;
import io.rootstock.inference.engine.scoring.ScoredContinuation;
import io.rootstock.inference.engine.scoring.ScoredContinuation.ScoredToken;
import io.rootstock.inference.engine.scoring.ScoringEngine;
import io.rootstock.inference.engine.scoring.ScoringRequest;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compares log-probabilities with those computed in double precision, one token and one text at a time. */
@Timeout(300)
class LogprobsTest {
    private static final double NEAR = 2e-4;

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

    /** Log-probabilities of the next token after each position, [T][V]. */
    private static List<double[]> reference(int[] tokens) {
        List<double[]> result = new ArrayList<>();
        try (LlamaContext context = model.context(ContextOptions.generation(1, TinyModel.CONTEXT, 1, true));
                Batch batch = context.batch()) {
            for (int place = 0; place < tokens.length; place++) {
                batch.clear();
                int index = batch.add(tokens[place], place, 0, true);
                context.decode(batch);
                float[] logits = context.logits(index);
                double sum = 0;
                for (float logit : logits) {
                    sum += Math.exp(logit);
                }
                double log = Math.log(sum);
                result.add(IntStream.range(0, logits.length)
                        .mapToDouble(v -> logits[v] - log)
                        .toArray());
            }
        }
        return result;
    }

    private static int[] concatenated(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
    }

    @Test
    void logprobsOfPromptTokensAndTopTokensEqualTheReference() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(model, options(2, 4), compute)) {
            // A prompt longer than one step's log-probabilities.
            GenerationRequest request = greedy(model, "What comes before is likely, too. ".repeat(3), 12)
                    .withLogprobs(new Logprobs(true, 5, true));
            Answer answer = answer(engine, request);
            int[] prompt = request.prompt();
            int[] made = answer.tokens().stream().mapToInt(Integer::intValue).toArray();
            assertThat(made).hasSize(12);
            List<double[]> expected = reference(concatenated(prompt, made));
            List<TokenLogprob> promptLogprobs = answer.end().promptLogprobs();
            assertThat(promptLogprobs)
                    .extracting(TokenLogprob::token)
                    .containsExactlyElementsOf(IntStream.of(prompt).boxed().toList());
            assertThat(promptLogprobs.getFirst().logprob()).isNaN();
            for (int place = 1; place < prompt.length; place++) {
                same(promptLogprobs.get(place), expected.get(place - 1));
            }
            for (int i = 0; i < made.length; i++) {
                same(answer.logprobs().get(i), expected.get(prompt.length - 1 + i));
                assertThat(answer.logprobs().get(i).topLogprobs().getFirst().token())
                        .isEqualTo(made[i]);
            }
        }
    }

    @Test
    void theEndOfTextTokenIsListedWithItsLogProbability() throws InterruptedException {
        Path file = TinyModel.reciting("abcdef").write(directory.resolve("reciter.gguf"));
        try (LlamaModel reciter = Llama.shared().load(file);
                GenerationEngine engine = new GenerationEngine(reciter, options(1, 4), compute)) {
            GenerationRequest request = greedy(reciter, "d", 20).withLogprobs(new Logprobs(true, 2, false));
            Answer ended = answer(engine, request);
            assertThat(ended.text()).isEqualTo("ef");
            assertThat(ended.end().completionTokens()).isEqualTo(2);
            assertThat(ended.tokens())
                    .containsExactly(TinyModel.token((byte) 'e'), TinyModel.token((byte) 'f'), TinyModel.END_OF_TEXT);
            TokenLogprob last = ended.logprobs().getLast();
            assertThat(last.special()).isEqualTo("<|end_of_text|>");
            assertThat(last.piece()).isEmpty();
            assertThat(last.logprob())
                    .isCloseTo(0, offset(1e-6))
                    .isEqualTo(last.topLogprobs().getFirst().logprob());

            Answer atOnce = answer(engine, greedy(reciter, "f", 1).withLogprobs(new Logprobs(true, 0, true)));
            assertThat(atOnce.text()).isEmpty();
            assertThat(atOnce.tokens()).containsExactly(TinyModel.END_OF_TEXT);

            int stop = TinyModel.token((byte) 'e');
            Answer stopped = answer(engine, request.withTokenRules(new TokenRules(false, 0, Set.of(stop), Set.of())));
            assertThat(stopped.text()).isEmpty();
            assertThat(stopped.tokens()).containsExactly(stop);
        }
    }

    private static void same(TokenLogprob actual, double[] expected) {
        assertThat(actual.logprob()).isCloseTo(expected[actual.token()], offset(NEAR));
        assertThat(actual.piece()).isEqualTo(model.piece(actual.token()));
        double[] top = IntStream.range(0, expected.length)
                .boxed()
                .sorted(Comparator.comparingDouble(v -> -expected[v]))
                .limit(5)
                .mapToDouble(v -> expected[v])
                .toArray();
        assertThat(actual.topLogprobs().stream()
                        .mapToDouble(TokenLogprob::logprob)
                        .toArray())
                .containsExactly(top, offset(NEAR));
        actual.topLogprobs()
                .forEach(alternative ->
                        assertThat(alternative.logprob()).isCloseTo(expected[alternative.token()], offset(NEAR)));
    }

    @Test
    void logprobsAreIndependentOfTheSamplingOptions() throws InterruptedException {
        try (GenerationEngine engine = new GenerationEngine(model, options(1, 4), compute)) {
            GenerationRequest request = greedy(model, "a biased text", 4)
                    .withSampling(
                            SamplerOptions.GREEDY.withLogitBias(Map.of(70, 50f)).withPenalties(1, 0.5f))
                    .withLogprobs(new Logprobs(true, 1, false));
            Answer answer = answer(engine, request);
            assertThat(answer.tokens()).containsOnly(70);
            int[] made = answer.tokens().stream().mapToInt(Integer::intValue).toArray();
            List<double[]> expected = reference(concatenated(request.prompt(), made));
            for (int i = 0; i < made.length; i++) {
                assertThat(answer.logprobs().get(i).logprob())
                        .isCloseTo(expected.get(request.prompt().length - 1 + i)[70], offset(NEAR));
            }
        }
    }

    @Test
    void scoresOfContinuationsThatShareAPromptEqualTheReference() {
        try (ScoringEngine engine = new ScoringEngine(model, options(3, 4), compute, EngineListener.NONE)) {
            int[] prompt = model.tokenize("The answer to this question, which is not short, is ", false);
            List<int[]> continuations = new ArrayList<>();
            for (String text :
                    List.of("yes", "no", "n", "perhaps it is, and perhaps it is something else entirely", "no way")) {
                continuations.add(model.tokenize(text, false));
            }
            List<ScoredContinuation> scored = engine.score(ScoringRequest.of(prompt, continuations));
            assertThat(scored).hasSize(continuations.size());
            for (int i = 0; i < scored.size(); i++) {
                int[] continuation = continuations.get(i);
                List<double[]> expected = reference(concatenated(prompt, continuation));
                List<ScoredToken> tokens = scored.get(i).tokens();
                assertThat(tokens)
                        .extracting(ScoredToken::token)
                        .containsExactlyElementsOf(
                                IntStream.of(continuation).boxed().toList());
                double sum = 0;
                for (int t = 0; t < continuation.length; t++) {
                    double[] place = expected.get(prompt.length - 1 + t);
                    double own = place[continuation[t]];
                    sum += own;
                    assertThat(tokens.get(t).logprob()).isCloseTo(own, offset(NEAR));
                    assertThat(tokens.get(t).greedy())
                            .isEqualTo(IntStream.range(0, place.length).noneMatch(v -> place[v] > own));
                }
                assertThat(scored.get(i).logprob()).isCloseTo(sum, offset(NEAR * continuation.length));
            }
        }
    }
}
