package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseIncludable;
import com.openai.models.responses.ResponseOutputText;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import io.rootstock.llama.TinyModel;
import io.rootstock.registry.v1.VersionKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v1/responses} of the packaged service, through the official OpenAI client, which checks each response. */
@Timeout(300)
class OpenAiResponsesIT {
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
    private static final Map<String, Object> WEATHER = Map.of(
            "type", "function", "name", "weather", "description", "The weather.", "parameters", UNIT, "strict", true);

    @TempDir
    static Path home;

    @TempDir
    static Path scratch;

    private static ServingFixture serving;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws IOException {
        serving = new ServingFixture(
                home, scratch, "rootstock.inference.context-limit=4096", "rootstock.inference.response-memory=200K");
        serving.serve("chat", 1, VersionKind.VERSION_KIND_INSTRUCT, TinyModel.repeating("abc"));
        serving.serve("random", TinyModel.random(51).contextLength(4096));
        client = serving.openAi("any");
    }

    @AfterAll
    static void stop() {
        client.close();
        serving.close();
    }

    private static ResponseCreateParams.Builder request(String model, int tokens) {
        return ResponseCreateParams.builder()
                .model(model)
                .input("How warm is it?")
                .temperature(0)
                .maxOutputTokens(tokens);
    }

    private static Response create(ResponseCreateParams.Builder request) {
        return client.responses().create(request.build()).validate();
    }

    private static String text(Response response) {
        return response.output().stream()
                .filter(item -> item.isMessage())
                .flatMap(item -> item.asMessage().content().stream())
                .map(content -> content.asOutputText().text())
                .collect(Collectors.joining());
    }

    @Test
    void aTextIsAnswered() {
        Response response = create(request("chat", 6)
                .instructions("abc")
                .putAdditionalBodyProperty("metadata", JsonValue.from(Map.of("order", "7"))));
        assertThat(response.id()).startsWith("resp_");
        assertThat(response.model().asString()).isEqualTo("models/chat/versions/1");
        assertThat(text(response)).hasSize(6);
        assertThat(response.status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(response.incompleteDetails().orElseThrow().reason())
                .contains(Response.IncompleteDetails.Reason.MAX_OUTPUT_TOKENS);
        assertThat(response.usage().orElseThrow().outputTokens()).isEqualTo(6);
        assertThat(response.usage().orElseThrow().totalTokens())
                .isEqualTo(response.usage().orElseThrow().inputTokens() + 6);
        assertThat(response.instructions().orElseThrow().asString()).isEqualTo("abc");
        assertThat(response.metadata().orElseThrow().toString()).contains("order=7");
    }

    @Test
    void aStreamAddsUpToTheResponse() {
        String whole = text(create(request("chat", 40)));
        ResponseAccumulator accumulator = ResponseAccumulator.create();
        List<ResponseStreamEvent> events;
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(request("chat", 40).build())) {
            events = stream.stream()
                    .map(event -> event.validate())
                    .map(accumulator::accumulate)
                    .toList();
        }
        assertThat(events.getFirst().isCreated()).isTrue();
        assertThat(events.get(1).isInProgress()).isTrue();
        assertThat(events.get(2).isOutputItemAdded()).isTrue();
        assertThat(events.get(3).isContentPartAdded()).isTrue();
        assertThat(events.getLast().isIncomplete()).isTrue();
        assertThat(events.stream()
                        .flatMap(event -> event.outputTextDelta().stream())
                        .map(delta -> delta.delta())
                        .collect(Collectors.joining()))
                .isEqualTo(whole);
        assertThat(events.stream()
                        .flatMap(event -> event.outputTextDone().stream())
                        .map(done -> done.text()))
                .containsExactly(whole);
        assertThat(text(accumulator.response())).isEqualTo(whole);
    }

    @Test
    void aFunctionIsCalledAndItsResultContinuesTheConversation() {
        Response response = create(request("random", 400)
                .putAdditionalBodyProperty("tools", JsonValue.from(List.of(WEATHER)))
                .putAdditionalBodyProperty("tool_choice", JsonValue.from(Map.of("type", "function", "name", "weather")))
                // As Instructor does; a call has no text.
                .putAdditionalBodyProperty("text", JsonValue.from(Map.of("format", Map.of("type", "json_object")))));
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
        assertThat(response.output()).hasSize(1);
        ResponseFunctionToolCall call = response.output().getFirst().asFunctionCall();
        assertThat(call.name()).isEqualTo("weather");
        assertThat(call.arguments().replaceAll("\\s", "")).isIn(UNITS);

        Map<String, Object> result = Map.of("type", "function_call_output", "call_id", call.callId(), "output", "21");
        Response next = create(ResponseCreateParams.builder()
                .model("random")
                .previousResponseId(response.id())
                .maxOutputTokens(5)
                .temperature(0)
                .putAdditionalBodyProperty("input", JsonValue.from(List.of(result))));
        Response whole = create(ResponseCreateParams.builder()
                .model("random")
                .maxOutputTokens(5)
                .temperature(0)
                .putAdditionalBodyProperty(
                        "input",
                        JsonValue.from(List.of(
                                Map.of("role", "user", "content", "How warm is it?"),
                                Map.of(
                                        "type",
                                        "function_call",
                                        "id",
                                        call.id().orElseThrow(),
                                        "call_id",
                                        call.callId(),
                                        "name",
                                        "weather",
                                        "arguments",
                                        call.arguments()),
                                result))));
        assertThat(text(next)).isEqualTo(text(whole)).isNotEmpty();
        assertThat(next.usage().orElseThrow().inputTokens())
                .isEqualTo(whole.usage().orElseThrow().inputTokens());
        assertThat(next.previousResponseId()).contains(response.id());
    }

    @Test
    void theTextMatchesTheSchema() {
        Response response = create(request("random", 400)
                .putAdditionalBodyProperty(
                        "text",
                        JsonValue.from(Map.of(
                                "format",
                                Map.of("type", "json_schema", "name", "unit", "schema", UNIT, "strict", true)))));
        assertThat(text(response).replaceAll("\\s", "")).isIn(UNITS);
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
    }

    @Test
    void logProbabilitiesAreIncludedOnRequest() {
        ResponseOutputText text = create(
                        request("random", 3).topLogprobs(2).addInclude(ResponseIncludable.MESSAGE_OUTPUT_TEXT_LOGPROBS))
                .output()
                .getFirst()
                .asMessage()
                .content()
                .getFirst()
                .asOutputText();
        assertThat(text.logprobs().orElseThrow()).hasSize(3);
        assertThat(text.logprobs().orElseThrow().getFirst().topLogprobs()).hasSize(2);
    }

    @Test
    void aStoredResponseIsRetrievedAndDeleted() {
        Response response = create(request("chat", 4));
        assertThat(client.responses().retrieve(response.id()).validate()).isEqualTo(response);
        assertThat(client.responses().inputItems().list(response.id()).items()).hasSize(1);
        client.responses().delete(response.id());
        NotFoundException missing = catchThrowableOfType(
                NotFoundException.class, () -> client.responses().retrieve(response.id()));
        assertThat(missing.code()).contains("response_not_found");

        Response unstored = create(request("chat", 4).store(false));
        refusedFor(
                "previous_response_id",
                "previous_response_not_found",
                request("chat", 4).previousResponseId(unstored.id()));
    }

    @Test
    void theOldestResponsesAreDroppedBeyondTheMemoryLimit() {
        Response first = create(request("chat", 4));
        for (int i = 0; i < 80; i++) {
            create(request("chat", 4));
        }
        Response last = create(request("chat", 4));
        assertThat(client.responses().retrieve(last.id()).id()).isEqualTo(last.id());
        assertThat(catchThrowableOfType(
                        NotFoundException.class, () -> client.responses().retrieve(first.id())))
                .isNotNull();
    }

    @Test
    void errorsNameTheFieldOfTheClientsRequest() {
        refusedFor("temperature", "invalid_value", request("chat", 1).temperature(-1));
        refusedFor("max_output_tokens", "invalid_value", request("chat", 1_000_000));
        refusedFor("background", "invalid_value", request("chat", 1).background(true));
        refusedFor(
                "temprature",
                "invalid_value",
                request("chat", 1).putAdditionalBodyProperty("temprature", JsonValue.from(1)));
        refusedFor(
                "messages",
                "invalid_value",
                request("chat", 1).putAdditionalBodyProperty("messages", JsonValue.from(List.of())));
        refusedFor(
                "tools[0].type",
                "invalid_value",
                request("chat", 1)
                        .putAdditionalBodyProperty("tools", JsonValue.from(List.of(Map.of("type", "web_search")))));
        refusedFor(
                "tools[0].name",
                "invalid_value",
                request("chat", 1)
                        .putAdditionalBodyProperty(
                                "tools", JsonValue.from(List.of(Map.of("type", "function", "name", "two words")))));
        refusedFor(
                "input[1].type",
                "invalid_value",
                ResponseCreateParams.builder()
                        .model("chat")
                        .putAdditionalBodyProperty(
                                "input",
                                JsonValue.from(List.of(
                                        Map.of("role", "user", "content", "a"), Map.of("type", "computer_call")))));
        refusedFor(
                "input[0].content[0].type",
                "invalid_value",
                ResponseCreateParams.builder()
                        .model("chat")
                        .putAdditionalBodyProperty(
                                "input",
                                JsonValue.from(List.of(
                                        Map.of("role", "user", "content", List.of(Map.of("type", "input_image")))))));
        refusedFor(
                "text.format.schema",
                "invalid_value",
                request("chat", 1)
                        .putAdditionalBodyProperty(
                                "text",
                                JsonValue.from(Map.of(
                                        "format",
                                        Map.of(
                                                "type",
                                                "json_schema",
                                                "name",
                                                "unit",
                                                "strict",
                                                true,
                                                "schema",
                                                Map.of("not", Map.of()))))));
    }

    private static void refusedFor(String field, String code, ResponseCreateParams.Builder request) {
        BadRequestException refusal = catchThrowableOfType(BadRequestException.class, () -> create(request));
        assertThat(refusal.param()).as(refusal.getMessage()).contains(field);
        assertThat(refusal.code()).contains(code);
    }
}
