package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusal;
import static io.rootstock.inference.service.ServingFixture.refusedField;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.protobuf.Duration;
import io.rootstock.inference.v1.AdapterUse;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.ChatResponse;
import io.rootstock.inference.v1.Completion;
import io.rootstock.inference.v1.Constraint;
import io.rootstock.inference.v1.DetokenizeRequest;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.Score;
import io.rootstock.inference.v1.ScoreRequest;
import io.rootstock.inference.v1.ScoreResponse;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.TokenizeRequest;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.VersionKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Non-streaming completions, log-probabilities, scores and tokens of the packaged service. */
@Timeout(300)
class NonStreamingIT {
    @TempDir
    static Path scratch;

    private static final TinyModel RANDOM = TinyModel.random(31);
    private static ServingFixture serving;

    @BeforeAll
    static void start() {
        serving = ServingFixture.shared(scratch);
        serving.serve("reciter", TinyModel.reciting("abcdef"));
        serving.serve("random", RANDOM);
        serving.serve("chat", 1, VersionKind.VERSION_KIND_INSTRUCT, TinyModel.repeating("abc"));
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    private static GenerateResponse generate(String model, String prompt, GenerationOptions.Builder options) {
        return serving.service.calls().generate(request(model, prompt, options));
    }

    private static GenerateRequest request(String model, String prompt, GenerationOptions.Builder options) {
        return GenerateRequest.newBuilder()
                .setModel(model)
                .setPrompt(prompt)
                .setOptions(options)
                .build();
    }

    @Test
    void aNonStreamingAnswerHasItsFinishReason() {
        Completion completion =
                generate("reciter", "a", options(20).setRequestId("mine-1")).getCompletions(0);
        assertThat(completion.getText()).isEqualTo("bcdef");
        assertThat(completion.getFinish().getReason()).isEqualTo(FinishReason.FINISH_REASON_END_OF_TEXT);
        assertThat(completion.getFinish().getPromptTokens()).isEqualTo(2);
        assertThat(completion.getFinish().getCompletionTokens()).isEqualTo(5);
        assertThat(completion.getFinish().getVersion()).isEqualTo("models/reciter/versions/1");
        assertThat(completion.getFinish().getRequestId()).isEqualTo("mine-1");

        Completion stopped = generate("reciter", "a", options(20).addStop("de")).getCompletions(0);
        assertThat(stopped.getText()).isEqualTo("bc");
        assertThat(stopped.getFinish().getReason()).isEqualTo(FinishReason.FINISH_REASON_STOP_STRING);
        assertThat(stopped.getFinish().getStop()).isEqualTo("de");

        Completion atToken = generate("reciter", "a", options(20).addStopTokenIds(TinyModel.token((byte) 'e')))
                .getCompletions(0);
        assertThat(atToken.getText()).isEqualTo("bcd");
        assertThat(atToken.getFinish().getReason()).isEqualTo(FinishReason.FINISH_REASON_STOP_STRING);
        assertThat(atToken.getFinish().getRequestId()).isNotEmpty();
    }

    @Test
    void aConversationIsAnsweredWithoutStreaming() {
        ChatResponse response = serving.service
                .calls()
                .chat(ChatRequest.newBuilder()
                        .setModel("chat")
                        .addMessages(Message.newBuilder().setRole("user").setContent("abc"))
                        .setOptions(options(4).setN(2))
                        .build());
        assertThat(response.getAnswersCount()).isEqualTo(2);
        assertThat(response.getAnswers(1).getIndex()).isEqualTo(1);
        assertThat(response.getAnswers(1).getMessage().getRole()).isEqualTo("assistant");
        assertThat(response.getAnswers(1).getMessage().getContent())
                .isEqualTo(response.getAnswers(0).getMessage().getContent());
        assertThat(response.getAnswers(0).getFinish().getCompletionTokens()).isEqualTo(4);
    }

    @Test
    void completionsOfOnePromptAreInOrderAndDifferIfSampled() {
        GenerationOptions.Builder sampled = GenerationOptions.newBuilder()
                .setMaxTokens(12)
                .setN(5)
                .setSampling(Sampling.newBuilder()
                        .setTemperature(2)
                        .setTopK(0)
                        .setMinP(0)
                        .setTopP(1)
                        .setSeed(3));
        List<Completion> texts = generate("random", "hello", sampled).getCompletionsList();
        assertThat(texts).extracting(Completion::getIndex).containsExactly(0, 1, 2, 3, 4);
        assertThat(texts.stream().map(Completion::getText).distinct().count()).isGreaterThan(1);

        Map<Integer, StringBuilder> streamed = new TreeMap<>();
        int ends = 0;
        Iterator<GenerateStreamResponse> responses = serving.service
                .calls()
                .generateStream(GenerateStreamRequest.newBuilder()
                        .setModel("random")
                        .setPrompt("hello")
                        .setOptions(sampled)
                        .build());
        while (responses.hasNext()) {
            GenerateStreamResponse response = responses.next();
            streamed.computeIfAbsent(response.getIndex(), _ -> new StringBuilder())
                    .append(response.getText());
            ends += response.hasFinish() ? 1 : 0;
        }
        assertThat(ends).isEqualTo(5);
        assertThat(streamed.keySet()).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void logProbabilitiesEqualTheReference() {
        GenerateResponse response = generate(
                "random",
                "xyz",
                options(4).setLogprobs(true).setPromptLogprobs(true).setTopLogprobs(3));
        List<Integer> tokens = new ArrayList<>(List.of(TinyModel.BEGIN_OF_TEXT));
        "xyz".chars().forEach(letter -> tokens.add(TinyModel.token((byte) letter)));
        PlainLlama plain = new PlainLlama(RANDOM);

        assertThat(response.getPromptLogprobsCount()).isEqualTo(4);
        assertThat(response.getPromptLogprobs(0).hasLogprob()).isFalse();
        for (int i = 1; i < 4; i++) {
            expectLikelihood(response.getPromptLogprobs(i), plain, tokens.subList(0, i), tokens.get(i));
        }
        List<TokenLogprob> made = response.getCompletions(0).getLogprobsList();
        assertThat(made).hasSize(4);
        for (TokenLogprob token : made) {
            assertThat(token.getTopLogprobsCount()).isEqualTo(3);
            assertThat(token.getTopLogprobs(0).getToken()).isEqualTo(token.getToken());
            expectLikelihood(token, plain, tokens, token.getToken());
            tokens.add(token.getToken());
        }
    }

    private static void expectLikelihood(TokenLogprob given, PlainLlama plain, List<Integer> before, int token) {
        double[] expected =
                plain.logprobs(before.stream().mapToInt(Integer::intValue).toArray());
        assertThat(given.getToken()).isEqualTo(token);
        assertThat((double) given.getLogprob()).isCloseTo(expected[token], offset(2e-3));
        given.getTopLogprobsList()
                .forEach(alternative -> assertThat((double) alternative.getLogprob())
                        .isCloseTo(expected[alternative.getToken()], offset(2e-3)));
    }

    @Test
    void aScoreIsTheSumOverAContinuation() {
        ScoreResponse response = serving.service
                .calls()
                .score(ScoreRequest.newBuilder()
                        .setModel("random")
                        .setPrompt("xyz")
                        .addContinuations("hello")
                        .addContinuations("!")
                        .setLogprobs(true)
                        .build());
        assertThat(response.getVersion()).isEqualTo("models/random/versions/1");
        PlainLlama plain = new PlainLlama(RANDOM);
        for (int i = 0; i < 2; i++) {
            String continuation = i == 0 ? "hello" : "!";
            Score score = response.getScores(i);
            assertThat(score.getTokens()).isEqualTo(continuation.length());
            assertThat(score.getLogprobsCount()).isEqualTo(continuation.length());
            List<Integer> tokens = new ArrayList<>(List.of(TinyModel.BEGIN_OF_TEXT));
            "xyz".chars().forEach(letter -> tokens.add(TinyModel.token((byte) letter)));
            double sum = 0;
            boolean greedy = true;
            for (byte letter : continuation.getBytes(StandardCharsets.US_ASCII)) {
                double[] expected = plain.logprobs(
                        tokens.stream().mapToInt(Integer::intValue).toArray());
                int token = TinyModel.token(letter);
                sum += expected[token];
                greedy &= Arrays.stream(expected).max().orElseThrow() == expected[token];
                tokens.add(token);
            }
            assertThat(score.getLogprob()).isCloseTo(sum, offset(1e-2));
            assertThat(score.getGreedy()).isEqualTo(greedy);
        }
        assertThat(serving.service
                        .calls()
                        .score(ScoreRequest.newBuilder()
                                .setModel("reciter")
                                .setPrompt("a")
                                .addContinuations("bcdef")
                                .build())
                        .getScores(0)
                        .getGreedy())
                .isTrue();
    }

    @Test
    void tokenizeAndDetokenizeAreInverse() {
        String text = "abc😀<|end_of_text|>";
        TokenizeRequest request =
                TokenizeRequest.newBuilder().setModel("random").setText(text).build();
        List<Integer> plain = serving.service.calls().tokenize(request).getTokensList();
        assertThat(plain).hasSize(3 + 4 + "<|end_of_text|>".length());
        assertThat(serving.service
                        .calls()
                        .detokenize(DetokenizeRequest.newBuilder()
                                .setModel("random")
                                .addAllTokens(plain)
                                .build())
                        .getText())
                .isEqualTo(text);
        List<Integer> special = serving.service
                .calls()
                .tokenize(request.toBuilder()
                        .setParseSpecial(true)
                        .setAddSpecialTokens(true)
                        .build())
                .getTokensList();
        assertThat(special).hasSize(1 + 3 + 4 + 1);
        assertThat(special.getFirst()).isEqualTo(TinyModel.BEGIN_OF_TEXT);
        assertThat(special.getLast()).isEqualTo(TinyModel.END_OF_TEXT);
    }

    @Test
    void aGrammarIsObeyed() {
        Completion completion = generate(
                        "random",
                        "x",
                        options(30).setConstraint(Constraint.newBuilder().setGrammar("root ::= \"yes\" | \"no\"")))
                .getCompletions(0);
        assertThat(completion.getText()).isIn("yes", "no");
        assertThat(completion.getFinish().getReason()).isEqualTo(FinishReason.FINISH_REASON_END_OF_TEXT);
    }

    @Test
    void logitBiasAndIgnoredEndOfTextChangeTheCompletion() {
        Completion on =
                generate("reciter", "a", options(30).setIgnoreEndOfText(true)).getCompletions(0);
        assertThat(on.getText()).startsWith("bcdef");
        assertThat(on.getFinish().getCompletionTokens()).isEqualTo(30);
        assertThat(on.getFinish().getReason()).isEqualTo(FinishReason.FINISH_REASON_LENGTH);

        Completion biased = generate(
                        "random",
                        "a",
                        GenerationOptions.newBuilder()
                                .setMaxTokens(3)
                                .setSampling(Sampling.newBuilder()
                                        .setTemperature(0)
                                        .putLogitBias(TinyModel.token((byte) 'q'), 100)))
                .getCompletions(0);
        assertThat(biased.getText()).isEqualTo("qqq");
    }

    @Test
    void invalidOptionsNameTheirField() {
        refusedFor("options.n", options(1).setN(17));
        refusedFor("options.top_logprobs", options(1).setLogprobs(true).setTopLogprobs(21));
        refusedFor("options.top_logprobs", options(1).setTopLogprobs(2));
        refusedFor("options.priority", options(1).setPriority(101));
        refusedFor(
                "options.queue_timeout",
                options(1).setQueueTimeout(Duration.newBuilder().setSeconds(-1)));
        refusedFor("options.request_id", options(1).setRequestId("two words"));
        refusedFor("options.request_id", options(1).setRequestId("x".repeat(129)));
        refusedFor("options.stop_token_ids[0]", options(1).addStopTokenIds(TinyModel.VOCABULARY));
        refusedFor(
                "options.constraint.grammar",
                options(1).setConstraint(Constraint.newBuilder().setGrammar("root ::= (")));
        refusedFor(
                "options.sampling.presence_penalty",
                options(1).setSampling(Sampling.newBuilder().setPresencePenalty(2.5f)));
        refusedFor(
                "options.sampling.frequency_penalty",
                options(1).setSampling(Sampling.newBuilder().setFrequencyPenalty(Float.NaN)));
        refusedFor(
                "options.sampling.logit_bias[3]",
                options(1).setSampling(Sampling.newBuilder().putLogitBias(3, 101)));
        refusedFor(
                "options.sampling.logit_bias[-1]",
                options(1).setSampling(Sampling.newBuilder().putLogitBias(-1, 1)));
        refusedFor(
                "options.adapter.scale",
                options(1).setAdapter(AdapterUse.newBuilder().setName("x").setScale(Float.NaN)));
        assertThat(refusal(() -> generate(
                        "random",
                        "a",
                        options(1).setAdapter(AdapterUse.newBuilder().setName("x")))))
                .isEqualTo("NOT_FOUND RESOURCE_NOT_FOUND");
        assertThat(refusal(() -> generate("unknown", "a", options(1)))).isEqualTo("NOT_FOUND RESOURCE_NOT_FOUND");
        ScoreRequest score = ScoreRequest.newBuilder().setModel("random").build();
        assertThat(refusedField(() -> serving.service.calls().score(score))).isEqualTo("continuations");
        assertThat(refusedField(() -> serving.service
                        .calls()
                        .score(score.toBuilder().addContinuations("").build())))
                .isEqualTo("continuations[0]");
        assertThat(refusedField(() -> serving.service
                        .calls()
                        .score(score.toBuilder()
                                .addContinuations("a".repeat(600))
                                .build())))
                .isEqualTo("continuations[0]");
        assertThat(refusedField(() -> serving.service
                        .calls()
                        .detokenize(DetokenizeRequest.newBuilder()
                                .setModel("random")
                                .addTokens(TinyModel.VOCABULARY)
                                .build())))
                .isEqualTo("tokens[0]");
    }

    private static void refusedFor(String field, GenerationOptions.Builder options) {
        assertThat(refusedField(() -> generate("random", "a", options))).isEqualTo(field);
    }
}
