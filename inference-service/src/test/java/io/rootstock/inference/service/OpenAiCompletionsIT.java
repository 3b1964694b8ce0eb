package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.data.Offset.offset;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.RequestOptions;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.Embedding;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import io.rootstock.inference.v1.EmbedRequest;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.TokenizeRequest;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Completions, embeddings and models of the packaged service, through the official OpenAI client. */
@Timeout(300)
class OpenAiCompletionsIT {
    /** Without response validation: it requires finish_reason in every chunk, which OpenAI's chunks lack, too. */
    private static final RequestOptions UNCHECKED =
            RequestOptions.builder().responseValidation(false).build();

    @TempDir
    static Path scratch;

    private static ServingFixture serving;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        serving = ServingFixture.shared(scratch);
        serving.serve("reciter", TinyModel.reciting("abcdef"));
        serving.serve("random", TinyModel.random(31));
        client = serving.openAi("any");
    }

    @AfterAll
    static void stop() {
        client.close();
        serving.close();
    }

    private static CompletionCreateParams.Builder request(String model, String prompt) {
        return CompletionCreateParams.builder()
                .model(model)
                .prompt(prompt)
                .temperature(0)
                .maxTokens(20);
    }

    private static Completion complete(CompletionCreateParams.Builder request) {
        return client.completions().create(request.build());
    }

    @Test
    void aPromptIsCompletedToTheEndOfText() {
        Completion completion = complete(request("reciter", "a"));
        CompletionChoice choice = completion.choices().getFirst();
        assertThat(choice.text()).isEqualTo("bcdef");
        assertThat(choice.finishReason()).isEqualTo(CompletionChoice.FinishReason.STOP);
        assertThat(completion.model()).isEqualTo("models/reciter/versions/1");
        assertThat(completion.usage().orElseThrow().promptTokens()).isEqualTo(2);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(5);

        CompletionChoice stopped =
                complete(request("reciter", "a").stop("de")).choices().getFirst();
        assertThat(stopped.text()).isEqualTo("bc");
        assertThat(stopped._allProperties()).containsEntry("stop_reason", JsonValue.from("de"));
        assertThat(complete(request("reciter", "a").echo(true))
                        .choices()
                        .getFirst()
                        .text())
                .isEqualTo("abcdef");
    }

    @Test
    void severalPromptsAreCompletedInTheirOrder() {
        CompletionCreateParams.Builder request = request("reciter", "")
                .promptOfArrayOfStrings(List.of("a", "c", "e"))
                .n(2)
                .echo(true);
        Completion completion = complete(request);
        assertThat(completion.choices()).extracting(CompletionChoice::index).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(completion.choices())
                .extracting(CompletionChoice::text)
                .containsExactly("abcdef", "abcdef", "cdef", "cdef", "ef", "ef");
        assertThat(completion.usage().orElseThrow().promptTokens()).isEqualTo(6);
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(2 * (5 + 3 + 1));

        Map<Long, String> streamed = new TreeMap<>();
        try (StreamResponse<Completion> pieces = client.completions().createStreaming(request.build(), UNCHECKED)) {
            pieces.stream()
                    .flatMap(piece -> piece.choices().stream())
                    .forEach(choice -> streamed.merge(choice.index(), choice.text(), String::concat));
        }
        assertThat(streamed.values()).containsExactly("abcdef", "abcdef", "cdef", "cdef", "ef", "ef");

        long token = TinyModel.token((byte) 'd');
        assertThat(complete(request("reciter", "")
                                .promptOfArrayOfTokens(List.of((long) TinyModel.BEGIN_OF_TEXT, token))
                                .echo(true))
                        .choices()
                        .getFirst()
                        .text())
                .isEqualTo("def");
    }

    @Test
    void logProbabilitiesOfTextAndPromptEqualThoseOfGrpc() {
        var grpc = serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel("random")
                        .setPrompt("xyz")
                        .setOptions(ServingFixture.options(4)
                                .setLogprobs(true)
                                .setTopLogprobs(2)
                                .setPromptLogprobs(true))
                        .build());
        var logprobs = complete(
                        request("random", "xyz").maxTokens(4).logprobs(2).echo(true))
                .choices()
                .getFirst()
                .logprobs()
                .orElseThrow();
        // BOS, which is not part of the prompt's text, then x, y, z and the completion.
        assertThat(logprobs.tokens().orElseThrow()).hasSize(8).startsWith("<|begin_of_text|>", "x", "y", "z");
        assertThat(logprobs.textOffset().orElseThrow()).startsWith(0L, 0L, 1L, 2L, 3L);
        List<Double> given = logprobs.tokenLogprobs().orElseThrow();
        assertThat(given.getFirst()).isNull();
        List<TokenLogprob> expected = new ArrayList<>(grpc.getPromptLogprobsList());
        expected.addAll(grpc.getCompletions(0).getLogprobsList());
        for (int i = 1; i < expected.size(); i++) {
            assertThat(given.get(i)).isCloseTo(expected.get(i).getLogprob(), offset(1e-4));
        }
        assertThat(logprobs.topLogprobs().orElseThrow().getLast()._allProperties())
                .hasSizeBetween(2, 3);
    }

    private static CompletionChoice.Logprobs logprobs(CompletionCreateParams.Builder request) {
        return complete(request).choices().getFirst().logprobs().orElseThrow();
    }

    @Test
    void specialTokensOfATextAreParsedAndBosIsAddedOnce() {
        String text = "<|im_start|>a<|im_end|>";
        var echoed = logprobs(request("random", text).maxTokens(1).logprobs(1).echo(true));
        assertThat(echoed.tokens().orElseThrow())
                .hasSize(5)
                .startsWith("<|begin_of_text|>", "<|im_start|>", "a", "<|im_end|>");
        assertThat(echoed.textOffset().orElseThrow()).containsExactly(0L, 0L, 12L, 13L, 23L);

        Completion bare = complete(request("random", text)
                .maxTokens(1)
                .putAdditionalBodyProperty("add_special_tokens", JsonValue.from(false)));
        assertThat(bare.usage().orElseThrow().promptTokens()).isEqualTo(3);
        Completion begun = complete(request("random", "<|begin_of_text|>a").maxTokens(1));
        assertThat(begun.usage().orElseThrow().promptTokens()).isEqualTo(2);
        BadRequestException refusal = catchThrowableOfType(
                BadRequestException.class,
                () -> complete(
                        request("random", "").putAdditionalBodyProperty("add_special_tokens", JsonValue.from(false))));
        assertThat(refusal.param()).contains("prompt");
    }

    @Test
    void aTextAndItsTokensHaveEqualLogProbabilities() {
        List<Long> tokens = new ArrayList<>(List.of((long) TinyModel.BEGIN_OF_TEXT));
        "rolling text".chars().forEach(c -> tokens.add((long) TinyModel.token((byte) c)));
        var ofTokens = logprobs(request("random", "")
                .promptOfArrayOfTokenArrays(List.of(tokens))
                .maxTokens(1)
                .logprobs(1)
                .echo(true));
        // lm-evaluation-harness sends the text with the tokenizer's BOS in front.
        var ofText = logprobs(request("random", "<|begin_of_text|>rolling text")
                .maxTokens(1)
                .logprobs(1)
                .echo(true));
        assertThat(ofText.tokens()).isEqualTo(ofTokens.tokens());
        assertThat(ofText.tokenLogprobs()).isEqualTo(ofTokens.tokenLogprobs());
        assertThat(ofTokens.textOffset().orElseThrow()).startsWith(0L, 0L, 1L, 2L);
        assertThat(ofText.textOffset().orElseThrow()).startsWith(0L, 17L, 18L, 19L);
    }

    @Test
    void theEndOfTextTokenIsListedWithItsLogProbability() {
        CompletionChoice choice = complete(
                        request("reciter", "ef").maxTokens(1).logprobs(1).echo(true))
                .choices()
                .getFirst();
        assertThat(choice.text()).isEqualTo("ef");
        assertThat(choice.finishReason()).isEqualTo(CompletionChoice.FinishReason.STOP);
        var logprobs = choice.logprobs().orElseThrow();
        assertThat(logprobs.tokens().orElseThrow()).containsExactly("<|begin_of_text|>", "e", "f", "<|end_of_text|>");
        assertThat(logprobs.tokenLogprobs().orElseThrow()).hasSize(4);
        assertThat(logprobs.tokenLogprobs().orElseThrow().getLast()).isCloseTo(0, offset(1e-6));
        assertThat(logprobs.textOffset().orElseThrow()).containsExactly(0L, 0L, 1L, 2L);
        assertThat(logprobs.topLogprobs().orElseThrow().getLast()._allProperties())
                .containsOnlyKeys("<|end_of_text|>");

        try (StreamResponse<Completion> pieces = client.completions()
                .createStreaming(request("reciter", "e").logprobs(0).build(), UNCHECKED)) {
            assertThat(pieces.stream()
                            .flatMap(piece -> piece.choices().stream())
                            .flatMap(piece -> piece.logprobs().stream())
                            .flatMap(piece -> piece.tokens().orElseThrow().stream()))
                    .containsExactly("f", "<|end_of_text|>");
        }
    }

    @Test
    void aPromptWithoutCompletionIsEchoedWithItsLogProbabilities() {
        Completion completion =
                complete(request("reciter", "ab").maxTokens(0).logprobs(1).echo(true));
        CompletionChoice choice = completion.choices().getFirst();
        assertThat(choice.text()).isEqualTo("ab");
        assertThat(choice.finishReason()).isEqualTo(CompletionChoice.FinishReason.LENGTH);
        assertThat(choice.logprobs().orElseThrow().tokens().orElseThrow())
                .containsExactly("<|begin_of_text|>", "a", "b");
        assertThat(completion.usage().orElseThrow().completionTokens()).isZero();
        try (StreamResponse<Completion> pieces = client.completions()
                .createStreaming(
                        request("reciter", "ab").maxTokens(0).echo(true).build(), UNCHECKED)) {
            assertThat(pieces.stream()
                            .flatMap(piece -> piece.choices().stream())
                            .map(CompletionChoice::text))
                    .containsExactly("ab", "");
        }
    }

    @Test
    void errorsNameTheField() {
        refusedFor("max_tokens", request("reciter", "a").maxTokens(0));
        refusedFor("logprobs", request("reciter", "a").logprobs(30));
        refusedFor("prompt", request("reciter", "").promptOfArrayOfStrings(List.of()));
        refusedFor(
                "prompt[1][0]",
                request("reciter", "").promptOfArrayOfTokenArrays(List.of(List.of(1L), List.of(123_456L))));
        refusedFor("best_of", request("reciter", "a").bestOf(3));
        refusedFor("suffix", request("reciter", "a").suffix("z"));
    }

    private static void refusedFor(String field, CompletionCreateParams.Builder request) {
        BadRequestException refusal = catchThrowableOfType(BadRequestException.class, () -> complete(request));
        assertThat(refusal.param()).as(refusal.getMessage()).contains(field);
    }

    @Test
    void embeddingsEqualThoseOfGrpcInBothEncodings() {
        List<Float> expected = serving.service
                .calls()
                .embed(EmbedRequest.newBuilder()
                        .setModel("random")
                        .addTexts("hello")
                        .addTexts("xy")
                        .setNormalize(true)
                        .build())
                .getEmbeddings(1)
                .getValuesList();
        for (EmbeddingCreateParams.EncodingFormat encoding :
                List.of(EmbeddingCreateParams.EncodingFormat.FLOAT, EmbeddingCreateParams.EncodingFormat.BASE64)) {
            CreateEmbeddingResponse response = client.embeddings()
                    .create(EmbeddingCreateParams.builder()
                            .model("random")
                            .inputOfArrayOfStrings(List.of("hello", "xy"))
                            .encodingFormat(encoding)
                            .build());
            assertThat(response.data()).hasSize(2);
            assertThat(response.data().get(1).embedding()).isEqualTo(expected);
            // One token per byte, and BOS for each text.
            assertThat(response.usage().promptTokens()).isEqualTo(5 + 1 + 2 + 1);
            assertThat(response.model()).isEqualTo("models/random/versions/1");
        }
        BadRequestException refusal = catchThrowableOfType(
                BadRequestException.class,
                () -> client.embeddings()
                        .create(EmbeddingCreateParams.builder()
                                .model("random")
                                .input("a")
                                .dimensions(3)
                                .build()));
        assertThat(refusal.param()).contains("dimensions");
    }

    @Test
    void embeddingsOfTokensEqualThoseOfTheirText() {
        List<Long> tokens = serving
                .service
                .calls()
                .tokenize(TokenizeRequest.newBuilder()
                        .setModel("random")
                        .setText("xy")
                        .setAddSpecialTokens(true)
                        .build())
                .getTokensList()
                .stream()
                .map(Integer::longValue)
                .toList();
        assertThat(embeddings(request -> request.inputOfArrayOfTokens(tokens)))
                .isEqualTo(embeddings(request -> request.input("xy")));
        assertThat(embeddings(request -> request.inputOfArrayOfTokenArrays(List.of(tokens, tokens))))
                .hasSize(2)
                .isEqualTo(embeddings(request -> request.inputOfArrayOfStrings(List.of("xy", "xy"))));
        refusedInput("input[0][1]", request -> request.inputOfArrayOfTokens(List.of(97L, 1_000_000L)));
        refusedInput("input[1]", request -> request.inputOfArrayOfTokenArrays(List.of(List.of(97L), List.of())));
    }

    @Test
    void aRequestForEmbeddingsMayHave2048Inputs() {
        assertThat(embeddings(request -> request.inputOfArrayOfStrings(Collections.nCopies(2048, "a"))))
                .hasSize(2048);
        refusedInput("input", request -> request.inputOfArrayOfStrings(Collections.nCopies(2049, "a")));
    }

    private static List<List<Float>> embeddings(Consumer<EmbeddingCreateParams.Builder> change) {
        EmbeddingCreateParams.Builder request = EmbeddingCreateParams.builder().model("random");
        change.accept(request);
        return client.embeddings().create(request.build()).data().stream()
                .map(Embedding::embedding)
                .toList();
    }

    private static void refusedInput(String field, Consumer<EmbeddingCreateParams.Builder> change) {
        BadRequestException refusal = catchThrowableOfType(BadRequestException.class, () -> embeddings(change));
        assertThat(refusal.param()).as(refusal.getMessage()).contains(field);
    }

    /** Agents shorten their history if they find this code or these words. */
    @Test
    void aPromptLongerThanTheContextHasOpenAisCode() {
        String words = "a".repeat(10_000);
        BadRequestException refusal =
                catchThrowableOfType(BadRequestException.class, () -> complete(request("random", words)));
        assertThat(refusal.code()).contains("context_length_exceeded");
        assertThat(refusal.param()).contains("prompt");
        assertThat(refusal.getMessage()).contains("this model's maximum context length is");
        BadRequestException embedding =
                catchThrowableOfType(BadRequestException.class, () -> embeddings(request -> request.input(words)));
        assertThat(embedding.code()).contains("context_length_exceeded");
        assertThat(embedding.getMessage()).contains("input[0]", "this model's maximum context length is");
    }

    @Test
    void modelsAreListedAndFound() {
        assertThat(client.models().list().data()).extracting(Model::id).containsExactly("random", "reciter");
        Model model = client.models().retrieve("reciter");
        assertThat(model.id()).isEqualTo("reciter");
        assertThat(model._allProperties()).containsEntry("version", JsonValue.from("models/reciter/versions/1"));
        assertThat(client.models().retrieve("models/reciter@production").id()).isEqualTo("reciter");
        NotFoundException refusal = catchThrowableOfType(
                NotFoundException.class, () -> client.models().retrieve("nothing"));
        assertThat(refusal.code()).contains("model_not_found");
    }
}
