package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.options;
import static io.rootstock.inference.service.ServingFixture.refusedField;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.v1.Answer;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.ChatStreamRequest;
import io.rootstock.inference.v1.ChatStreamResponse;
import io.rootstock.inference.v1.Choices;
import io.rootstock.inference.v1.Completion;
import io.rootstock.inference.v1.Constraint;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import io.rootstock.inference.v1.IgnoredKeyword;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Tool;
import io.rootstock.inference.v1.ToolCall;
import io.rootstock.inference.v1.ToolMode;
import io.rootstock.inference.v1.Tools;
import io.rootstock.llama.TinyModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Constraints and forced function calls, with a model of random weights. */
@Timeout(300)
class ConstrainedIT {
    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"unit\":{\"enum\":[\"celsius\",\"kelvin\"]}},"
                    + "\"required\":[\"unit\"],\"additionalProperties\":false}";
    private static final Tools WEATHER = Tools.newBuilder()
            .addTools(Tool.newBuilder()
                    .setName("weather")
                    .setDescription("The weather.")
                    .setParametersSchema(SCHEMA))
            .setMode(ToolMode.TOOL_MODE_REQUIRED)
            .build();
    private static final Message QUESTION =
            Message.newBuilder().setRole("user").setContent("How warm is it?").build();

    @TempDir
    static Path scratch;

    private static ServingFixture serving;

    @BeforeAll
    static void start() {
        serving = ServingFixture.shared(scratch);
        serving.serve("random", TinyModel.random(51).contextLength(4096));
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    private static GenerateRequest request(Constraint.Builder constraint) {
        return GenerateRequest.newBuilder()
                .setModel("random")
                .setPrompt("x")
                .setOptions(options(400).setConstraint(constraint))
                .build();
    }

    private static String made(Constraint.Builder constraint) {
        Completion completion =
                serving.service.calls().generate(request(constraint)).getCompletions(0);
        assertThat(completion.getFinish().getReason()).isEqualTo(FinishReason.FINISH_REASON_END_OF_TEXT);
        return completion.getText();
    }

    @Test
    void textsObeyTheirConstraint() {
        assertThat(made(Constraint.newBuilder()
                        .setChoices(Choices.newBuilder().addTexts("left").addTexts("right"))))
                .isIn("left", "right");
        assertThat(made(Constraint.newBuilder().setRegex("[ab]{3}-\\d{2}"))).matches("[ab]{3}-[0-9]{2}");
        assertThat(made(Constraint.newBuilder().setJsonSchema(SCHEMA)).replaceAll("\\s", ""))
                .isIn("{\"unit\":\"celsius\"}", "{\"unit\":\"kelvin\"}");
    }

    @Test
    void unsupportedConstraintsAreRejectedByField() {
        refusedFor("options.constraint.json_schema", Constraint.newBuilder().setJsonSchema("{\"type\":\"thing\"}"));
        refusedFor("options.constraint.json_schema", Constraint.newBuilder().setJsonSchema("no JSON"));
        refusedFor("options.constraint.json_object", Constraint.newBuilder().setJsonObject(false));
        refusedFor("options.constraint.regex", Constraint.newBuilder().setRegex("("));
        refusedFor(
                "options.constraint.choices.texts", Constraint.newBuilder().setChoices(Choices.getDefaultInstance()));
        refusedFor(
                "options.constraint.choices.texts[1]",
                Constraint.newBuilder()
                        .setChoices(Choices.newBuilder().addTexts("a").addTexts("")));
    }

    private static void refusedFor(String field, Constraint.Builder constraint) {
        assertThat(refusedField(() -> serving.service.calls().generate(request(constraint))))
                .isEqualTo(field);
    }

    @Test
    void aForcedFunctionIsCalled() {
        ChatRequest request = ChatRequest.newBuilder()
                .setModel("random")
                .addMessages(QUESTION)
                .setTools(WEATHER)
                .setOptions(options(400))
                .build();
        Answer answer = serving.service.calls().chat(request).getAnswers(0);
        assertThat(answer.getFinish().getReason()).isEqualTo(FinishReason.FINISH_REASON_TOOL_CALLS);
        ToolCall call = answer.getMessage().getToolCalls(0);
        expectWeather(call);

        List<ToolCall> streamed = new ArrayList<>();
        FinishReason reason = FinishReason.FINISH_REASON_UNSPECIFIED;
        Iterator<ChatStreamResponse> responses = serving.service
                .calls()
                .chatStream(ChatStreamRequest.newBuilder()
                        .setModel("random")
                        .addMessages(QUESTION)
                        .setTools(WEATHER)
                        .setOptions(options(400))
                        .build());
        while (responses.hasNext()) {
            ChatStreamResponse response = responses.next();
            assertThat(response.getText()).isBlank();
            streamed.addAll(response.getToolCallsList());
            reason = response.hasFinish() ? response.getFinish().getReason() : reason;
        }
        assertThat(streamed).hasSize(1);
        expectWeather(streamed.getFirst());
        assertThat(reason).isEqualTo(FinishReason.FINISH_REASON_TOOL_CALLS);

        // The conversation continues with the function's result.
        Answer next = serving.service
                .calls()
                .chat(request.toBuilder()
                        .addMessages(answer.getMessage())
                        .addMessages(Message.newBuilder()
                                .setRole("tool")
                                .setToolCallId(call.getId())
                                .setContent("21"))
                        .clearTools()
                        .setOptions(options(5))
                        .build())
                .getAnswers(0);
        assertThat(next.getFinish().getPromptTokens())
                .isGreaterThan(answer.getFinish().getPromptTokens() / 4);
    }

    private static void expectWeather(ToolCall call) {
        assertThat(call.getName()).isEqualTo("weather");
        assertThat(call.getId()).isNotEmpty();
        assertThat(call.getArguments().replaceAll("\\s", "")).isIn("{\"unit\":\"celsius\"}", "{\"unit\":\"kelvin\"}");
    }

    @Test
    void invalidFunctionsAndMessagesAreRejectedByField() {
        ChatRequest request = ChatRequest.newBuilder()
                .setModel("random")
                .addMessages(QUESTION)
                .setTools(WEATHER)
                .setOptions(options(1))
                .build();
        refusedFor(
                "options.constraint.regex",
                request.toBuilder()
                        .setOptions(
                                options(1).setConstraint(Constraint.newBuilder().setRegex("("))));
        refusedFor(
                "tools.required_name",
                request.toBuilder().setTools(WEATHER.toBuilder().setRequiredName("time")));
        refusedFor(
                "tools.tools[0].name",
                request.toBuilder()
                        .setTools(Tools.newBuilder().addTools(Tool.newBuilder().setName("two words"))));
        refusedFor("messages", request.toBuilder().clearMessages());
        refusedFor(
                "messages[0].role",
                request.toBuilder().setMessages(0, Message.newBuilder().setRole("root")));
        refusedFor(
                "messages[1].tool_call_id",
                request.toBuilder()
                        .addMessages(Message.newBuilder().setRole("tool").setToolCallId("unknown")));
    }

    private static void refusedFor(String field, ChatRequest.Builder request) {
        assertThat(refusedField(() -> serving.service.calls().chat(request.build())))
                .isEqualTo(field);
    }

    @Test
    void unsupportedKeywordsAreIgnoredOnRequestOnly() {
        Constraint.Builder link =
                Constraint.newBuilder().setJsonSchema("{\"type\":\"string\",\"format\":\"uri\",\"maxLength\":3}");
        assertThat(refusedField(() -> made(link))).isEqualTo("options.constraint.json_schema");
        Completion completion = serving.service
                .calls()
                .generate(request(link.setIgnoreUnsupportedKeywords(true)))
                .getCompletions(0);
        assertThat(completion.getFinish().getIgnoredKeywordsList())
                .containsExactly(IgnoredKeyword.newBuilder()
                        .setField("options.constraint.json_schema")
                        .setPointer("/format")
                        .build());
        assertThat(refusedField(() -> made(Constraint.newBuilder().setRegex("a").setIgnoreUnsupportedKeywords(true))))
                .isEqualTo("options.constraint.ignore_unsupported_keywords");
    }

    @Test
    void referencesOfTwoFunctionsAreResolved() {
        String schema =
                "{\"type\":\"object\",\"properties\":{\"unit\":{\"$ref\":\"#/$defs/u\"}},\"required\":[\"unit\"],"
                        + "\"additionalProperties\":false,\"$defs\":{\"u\":{\"enum\":[\"celsius\",\"kelvin\"]}}}";
        Answer answer = serving.service
                .calls()
                .chat(ChatRequest.newBuilder()
                        .setModel("random")
                        .addMessages(QUESTION)
                        .setTools(Tools.newBuilder()
                                .setMode(ToolMode.TOOL_MODE_REQUIRED)
                                .addTools(Tool.newBuilder().setName("warm").setParametersSchema(schema))
                                .addTools(Tool.newBuilder().setName("cold").setParametersSchema(schema)))
                        .setOptions(options(400))
                        .build())
                .getAnswers(0);
        assertThat(answer.getMessage().getToolCalls(0).getArguments()).containsAnyOf("celsius", "kelvin");
    }

    @Test
    void tokenIdsAreReturnedWithoutLogProbabilities() {
        GenerateResponse response = serving.service
                .calls()
                .generate(GenerateRequest.newBuilder()
                        .setModel("random")
                        .setPrompt("x")
                        .setOptions(options(3).setReturnTokenIds(true))
                        .build());
        assertThat(response.getPromptTokenIdsList())
                .containsExactly(TinyModel.BEGIN_OF_TEXT, TinyModel.token((byte) 'x'));
        assertThat(response.getCompletions(0).getLogprobsList())
                .isNotEmpty()
                .allSatisfy(token -> assertThat(token.hasLogprob()).isFalse());
    }
}
