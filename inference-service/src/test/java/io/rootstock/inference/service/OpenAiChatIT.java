package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionTokenLogprob;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.Message;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.VersionKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chat completions of the packaged service, through the official OpenAI client. */
@Timeout(300)
class OpenAiChatIT {
    private static final Map<String, Object> UNIT = Map.of(
            "type",
            "object",
            "properties",
            Map.of("unit", Map.of("enum", List.of("celsius", "kelvin"))),
            "required",
            List.of("unit"),
            "additionalProperties",
            false);
    private static final List<String> UNITS = List.of("{\"unit\":\"celsius\"}", "{\"unit\":\"kelvin\"}");

    @TempDir
    static Path scratch;

    private static ServingFixture serving;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        serving = ServingFixture.shared(scratch);
        serving.serve("chat", 1, VersionKind.VERSION_KIND_INSTRUCT, TinyModel.repeating("abc"));
        serving.serve("random", TinyModel.random(51).contextLength(4096));
        client = serving.openAi("any");
    }

    @AfterAll
    static void stop() {
        client.close();
        serving.close();
    }

    private static ChatCompletionCreateParams.Builder request(String model, int tokens) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("How warm is it?")
                .temperature(0)
                .maxCompletionTokens(tokens);
    }

    private static ChatCompletion answer(ChatCompletionCreateParams.Builder request) {
        return client.chat().completions().create(request.build());
    }

    private static List<ChatCompletionChunk> stream(ChatCompletionCreateParams.Builder request) {
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(request.build())) {
            return chunks.stream().toList();
        }
    }

    private static ChatCompletionFunctionTool weather() {
        FunctionParameters.Builder parameters = FunctionParameters.builder();
        UNIT.forEach((name, value) -> parameters.putAdditionalProperty(name, JsonValue.from(value)));
        return ChatCompletionFunctionTool.builder()
                .function(FunctionDefinition.builder()
                        .name("weather")
                        .description("The weather.")
                        .parameters(parameters.build())
                        .strict(true)
                        .build())
                .build();
    }

    @Test
    void aNonStreamingAnswerEqualsTheAnswerOverGrpc() {
        ChatCompletion answer = answer(request("chat", 6).n(2).addSystemMessage("abc"));
        var grpc = serving.service
                .calls()
                .chat(ChatRequest.newBuilder()
                        .setModel("chat")
                        .addMessages(Message.newBuilder().setRole("user").setContent("How warm is it?"))
                        .addMessages(Message.newBuilder().setRole("system").setContent("abc"))
                        .setOptions(ServingFixture.options(6))
                        .build())
                .getAnswers(0);

        assertThat(answer.id()).startsWith("chatcmpl-");
        assertThat(answer.model()).isEqualTo("models/chat/versions/1");
        assertThat(answer.choices()).extracting(ChatCompletion.Choice::index).containsExactly(0L, 1L);
        for (ChatCompletion.Choice choice : answer.choices()) {
            assertThat(choice.message().content()).contains(grpc.getMessage().getContent());
            assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
        }
        var usage = answer.usage().orElseThrow();
        assertThat(usage.promptTokens()).isEqualTo(grpc.getFinish().getPromptTokens());
        assertThat(usage.completionTokens()).isEqualTo(12);
        assertThat(usage.totalTokens()).isEqualTo(usage.promptTokens() + 12);

        ChatCompletion again = answer(request("chat", 6).addSystemMessage("abc"));
        assertThat(again.usage()
                        .flatMap(taken -> taken.promptTokensDetails())
                        .flatMap(details -> details.cachedTokens())
                        .orElseThrow())
                .isPositive();
    }

    @Test
    void theChunksOfAStreamEqualTheNonStreamingAnswer() {
        String whole = answer(request("chat", 40))
                .choices()
                .getFirst()
                .message()
                .content()
                .orElseThrow();
        List<ChatCompletionChunk> chunks = stream(request("chat", 40)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build()));

        assertThat(chunks.getFirst().choices().getFirst().delta().role())
                .contains(ChatCompletionChunk.Choice.Delta.Role.ASSISTANT);
        assertThat(chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(choice -> choice.delta().content().stream())
                        .collect(Collectors.joining()))
                .hasSize(40)
                .isEqualTo(whole);
        List<ChatCompletionChunk> ends = chunks.stream()
                .filter(chunk -> chunk.choices().stream()
                        .anyMatch(choice -> choice.finishReason().isPresent()))
                .toList();
        assertThat(ends).hasSize(1);
        assertThat(ends.getFirst().choices().getFirst().finishReason())
                .contains(ChatCompletionChunk.Choice.FinishReason.LENGTH);
        assertThat(chunks.getLast().choices()).isEmpty();
        assertThat(chunks.getLast().usage().orElseThrow().completionTokens()).isEqualTo(40);
        assertThat(chunks)
                .extracting(ChatCompletionChunk::id)
                .containsOnly(chunks.getFirst().id());
    }

    @Test
    void logProbabilitiesIncludeTheTopTokens() {
        List<ChatCompletionTokenLogprob> tokens = answer(
                        request("random", 5).logprobs(true).topLogprobs(3))
                .choices()
                .getFirst()
                .logprobs()
                .flatMap(logprobs -> logprobs.content())
                .orElseThrow();
        assertThat(tokens).hasSize(5);
        for (ChatCompletionTokenLogprob token : tokens) {
            assertThat(token.logprob()).isNegative();
            assertThat(token.bytes().orElseThrow()).hasSize(1);
            assertThat(token.topLogprobs()).hasSize(3);
            assertThat(token.topLogprobs().getFirst().token()).isEqualTo(token.token());
            assertThat(token.topLogprobs().getFirst().logprob()).isEqualTo(token.logprob());
        }
        assertThat(stream(request("random", 5).logprobs(true).topLogprobs(3)).stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(choice -> choice.logprobs().stream())
                        .flatMap(logprobs -> logprobs.content().orElseThrow().stream())
                        .map(ChatCompletionTokenLogprob::token))
                .isEqualTo(
                        tokens.stream().map(ChatCompletionTokenLogprob::token).toList());
    }

    @Test
    void theAnswerMatchesTheSchema() {
        var schema = ResponseFormatJsonSchema.JsonSchema.Schema.builder();
        UNIT.forEach((name, value) -> schema.putAdditionalProperty(name, JsonValue.from(value)));
        ChatCompletion answer = answer(request("random", 400)
                .responseFormat(ResponseFormatJsonSchema.builder()
                        .jsonSchema(ResponseFormatJsonSchema.JsonSchema.builder()
                                .name("unit")
                                .schema(schema.build())
                                .strict(true)
                                .build())
                        .build()));
        assertThat(answer.choices().getFirst().message().content().orElseThrow().replaceAll("\\s", ""))
                .isIn(UNITS);
        assertThat(answer.choices().getFirst().finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
    }

    @Test
    void extensionsConstrainTheText() {
        ChatCompletion answer = answer(
                request("random", 50).putAdditionalBodyProperty("choice", JsonValue.from(List.of("left", "right"))));
        assertThat(answer.choices().getFirst().message().content().orElseThrow())
                .isIn("left", "right");
        ChatCompletion other =
                answer(request("random", 50).putAdditionalBodyProperty("regex", JsonValue.from("[ab]{3}-\\d{2}")));
        assertThat(other.choices().getFirst().message().content().orElseThrow()).matches("[ab]{3}-[0-9]{2}");
    }

    @Test
    void aFunctionIsCalledAndItsResultUsedWithAndWithoutStreaming() {
        ChatCompletionCreateParams.Builder request = request("random", 400)
                .addTool(weather())
                .toolChoice(ChatCompletionNamedToolChoice.builder()
                        .function(ChatCompletionNamedToolChoice.Function.builder()
                                .name("weather")
                                .build())
                        .build());
        ChatCompletion answer = answer(request);
        ChatCompletion.Choice choice = answer.choices().getFirst();
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(choice.message().content()).isEmpty();
        ChatCompletionMessageFunctionToolCall call =
                choice.message().toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.function().name()).isEqualTo("weather");
        assertThat(call.function().arguments().replaceAll("\\s", "")).isIn(UNITS);

        ChatCompletion.Choice cut =
                answer(request.maxCompletionTokens(45)).choices().getFirst();
        request.maxCompletionTokens(400);
        assertThat(cut.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(cut.message().content()).isEmpty();
        assertThat(cut.message()
                        .toolCalls()
                        .orElseThrow()
                        .getFirst()
                        .asFunction()
                        .function()
                        .name())
                .isEqualTo("weather");

        List<ChatCompletionChunk.Choice.Delta.ToolCall> streamed = stream(request).stream()
                .flatMap(chunk -> chunk.choices().stream())
                .flatMap(piece -> piece.delta().toolCalls().stream())
                .flatMap(List::stream)
                .toList();
        assertThat(streamed).hasSize(1);
        assertThat(streamed.getFirst().index()).isZero();
        assertThat(streamed.getFirst().id()).isPresent();
        assertThat(streamed.getFirst().function().orElseThrow().name()).contains("weather");
        assertThat(streamed.getFirst()
                        .function()
                        .orElseThrow()
                        .arguments()
                        .orElseThrow()
                        .replaceAll("\\s", ""))
                .isIn(UNITS);

        ChatCompletion next = answer(request("random", 5)
                .addMessage(choice.message())
                .addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content("21")
                        .build())
                .addTool(weather())
                .toolChoice(ChatCompletionToolChoiceOption.Auto.NONE));
        assertThat(next.usage().orElseThrow().completionTokens()).isEqualTo(5);
    }

    @Test
    void errorsNameTheFieldOfTheClientsRequest() {
        refusedFor("temperature", request("chat", 1).temperature(-1));
        refusedFor("top_p", request("chat", 1).topP(1.5));
        refusedFor("n", request("chat", 1).n(0));
        refusedFor("n", request("chat", 1).n(100));
        refusedFor("max_completion_tokens", request("chat", 1_000_000));
        refusedFor("top_logprobs", request("chat", 1).logprobs(true).topLogprobs(21));
        refusedFor("stop[0]", request("chat", 1).stop(""));
        refusedFor(
                "tools[0].function.name",
                request("chat", 1)
                        .addTool(ChatCompletionFunctionTool.builder()
                                .function(FunctionDefinition.builder()
                                        .name("two words")
                                        .build())
                                .build()));
        refusedFor("tool_choice", request("chat", 1).toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED));
        refusedFor(
                "messages", ChatCompletionCreateParams.builder().model("chat").messages(List.of()));
        refusedFor(
                "messages[1].tool_call_id",
                request("chat", 1)
                        .addMessage(ChatCompletionToolMessageParam.builder()
                                .toolCallId("unknown")
                                .content("21")
                                .build()));
        refusedFor("temprature", request("chat", 1).putAdditionalBodyProperty("temprature", JsonValue.from(1)));
        refusedFor("grammar", request("chat", 1).putAdditionalBodyProperty("grammar", JsonValue.from("root ::= (")));
        refusedFor(
                "logit_bias[9999]",
                request("chat", 1).putAdditionalBodyProperty("logit_bias", JsonValue.from(Map.of("9999", 1))));
    }

    private static void refusedFor(String field, ChatCompletionCreateParams.Builder request) {
        BadRequestException refusal = catchThrowableOfType(BadRequestException.class, () -> answer(request));
        assertThat(refusal.param()).as(refusal.getMessage()).contains(field);
        assertThat(refusal.type()).contains("invalid_request_error");
        assertThat(refusal.code()).contains("invalid_value");
        assertThat(refusal.getMessage()).contains(field + ": ");
    }

    @Test
    void aMissingModelIsNotFound() {
        NotFoundException refusal = catchThrowableOfType(NotFoundException.class, () -> answer(request("nothing", 1)));
        assertThat(refusal.code()).contains("model_not_found");
        assertThat(refusal.param()).contains("model");
        assertThat(refusal.getMessage()).contains("models/chat");
    }
}
