package io.rootstock.inference.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.rpc.BadRequest;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.Json;
import io.rootstock.inference.openai.generation.StreamOptions;
import io.rootstock.inference.v1.Choices;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Tool;
import io.rootstock.inference.v1.ToolMode;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.Errors;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Conversion of chat completion requests to the gRPC contract; errors name the field of the OpenAI request. */
class ChatCompletionRequestTest {
    private final FieldNames names = new FieldNames();

    private ChatCompletionRequest chat(String json) throws JsonProcessingException {
        return ChatCompletionRequest.read(fields(json), names);
    }

    private static Fields fields(String json) throws JsonProcessingException {
        return Fields.of(Json.object(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String refusedField(ThrowingCallable call) {
        StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call);
        return ErrorDetails.find(refusal, BadRequest.class)
                .orElseThrow()
                .getFieldViolations(0)
                .getField();
    }

    @Test
    void everyOptionReachesTheContract() throws JsonProcessingException {
        GenerationOptions options = chat("""
                        {"model": "m", "messages": [], "temperature": 0.5, "top_p": 0.25, "top_k": 7, "min_p": 0.125,
                         "presence_penalty": 1, "frequency_penalty": -1, "repeat_penalty": 1.5, "seed": 4294967294,
                         "logit_bias": {"5": -100}, "n": 3, "stop": "end", "stop_token_ids": [4], "max_tokens": 9,
                         "logprobs": true, "top_logprobs": 2, "prompt_logprobs": true, "ignore_eos": true,
                         "cache_prompt": false, "request_id": "r", "priority": -5, "queue_timeout": 1.5,
                         "adapter": {"name": "formal", "scale": 0.5}, "choice": ["a", "b"], "user": "user-1",
                         "tools": null}
                        """).options();

        assertThat(options.getSampling().getTemperature()).isEqualTo(0.5f);
        assertThat(options.getSampling().getTopP()).isEqualTo(0.25f);
        assertThat(options.getSampling().getTopK()).isEqualTo(7);
        assertThat(options.getSampling().getMinP()).isEqualTo(0.125f);
        assertThat(options.getSampling().getPresencePenalty()).isEqualTo(1);
        assertThat(options.getSampling().getFrequencyPenalty()).isEqualTo(-1);
        assertThat(options.getSampling().getRepeatPenalty()).isEqualTo(1.5f);
        assertThat(Integer.toUnsignedLong(options.getSampling().getSeed())).isEqualTo(4_294_967_294L);
        assertThat(options.getSampling().getLogitBiasMap()).isEqualTo(Map.of(5, -100f));
        assertThat(options.getN()).isEqualTo(3);
        assertThat(options.getStopList()).containsExactly("end");
        assertThat(options.getStopTokenIdsList()).containsExactly(4);
        assertThat(options.getMaxTokens()).isEqualTo(9);
        assertThat(options.getLogprobs()).isTrue();
        assertThat(options.getTopLogprobs()).isEqualTo(2);
        assertThat(options.getPromptLogprobs()).isTrue();
        assertThat(options.getIgnoreEndOfText()).isTrue();
        assertThat(options.getBypassPrefixCache()).isTrue();
        assertThat(options.getRequestId()).isEqualTo("r");
        assertThat(options.getPriority()).isEqualTo(-5);
        assertThat(options.getQueueTimeout().getSeconds()).isEqualTo(1);
        assertThat(options.getQueueTimeout().getNanos()).isEqualTo(500_000_000);
        assertThat(options.getAdapter().getName()).isEqualTo("formal");
        assertThat(options.getAdapter().getScale()).isEqualTo(0.5f);
        assertThat(options.getConstraint().getChoices())
                .isEqualTo(Choices.newBuilder().addTexts("a").addTexts("b").build());
    }

    @Test
    void unsetFieldsKeepTheContractsDefaults() throws JsonProcessingException {
        ChatCompletionRequest request =
                chat("{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}");
        assertThat(request.options())
                .isEqualTo(GenerationOptions.newBuilder()
                        .setSampling(io.rootstock.inference.v1.Sampling.getDefaultInstance())
                        .build());
        assertThat(request.tools().getMode()).isEqualTo(ToolMode.TOOL_MODE_UNSPECIFIED);
        assertThat(request.stream()).isEqualTo(new StreamOptions(false, false, false));
    }

    @Test
    void aConversationKeepsItsMessagesToolCallsAndTools() throws JsonProcessingException {
        ChatCompletionRequest request = chat("""
                {"model": "m",
                 "messages": [
                   {"role": "developer", "content": [{"type": "text", "text": "Be"}, {"type": "text", "text": "brief"}]},
                   {"role": "assistant", "content": null, "refusal": null, "tool_calls": [
                     {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\\"x\\":1.5}"}}]},
                   {"role": "tool", "tool_call_id": "c1", "content": "2"}],
                 "tools": [{"type": "function", "function": {"name": "f", "strict": true, "parameters": {"x": 1.5}}}],
                 "tool_choice": {"type": "function", "function": {"name": "f"}},
                 "parallel_tool_calls": false, "reasoning_effort": "low", "chat_template_kwargs": {"enable_thinking": false},
                 "stream": true, "stream_options": {"include_usage": true}}
                """);
        assertThat(request.messages().getFirst())
                .isEqualTo(Message.newBuilder()
                        .setRole("system")
                        .setContent("Be\nbrief")
                        .build());
        assertThat(request.messages().get(1).getToolCalls(0).getArguments()).isEqualTo("{\"x\":1.5}");
        assertThat(request.messages().get(2).getToolCallId()).isEqualTo("c1");
        assertThat(request.tools().getMode()).isEqualTo(ToolMode.TOOL_MODE_REQUIRED);
        assertThat(request.tools().getRequiredName()).isEqualTo("f");
        assertThat(request.tools().getTools(0).getParametersSchema()).isEqualTo("{\"x\":1.5}");
        assertThat(request.oneCall()).isTrue();
        assertThat(request.variables()).isEqualTo(Map.of("reasoning_effort", "low", "enable_thinking", false));
        assertThat(request.stream()).isEqualTo(new StreamOptions(true, true, false));
    }

    @Test
    void aSchemaIsPassedOnUnchanged() throws JsonProcessingException {
        assertThat(chat("""
                                {"messages": [], "response_format": {"type": "json_schema", "json_schema":
                                  {"name": "s", "strict": true, "schema": {"multipleOf": 0.1, "maximum": 12345678901234567890}}}}
                                """).options().getConstraint().getJsonSchema())
                .isEqualTo("{\"multipleOf\":0.1,\"maximum\":12345678901234567890}");
        assertThat(names.of("options.constraint.json_schema")).isEqualTo("response_format.json_schema.schema");
    }

    @Test
    void fieldsOfAnInvalidTypeOrNameAreRejectedByField() {
        assertThat(refusedField(() -> chat("{\"messages\": {}}"))).isEqualTo("messages");
        assertThat(refusedField(() -> chat("{\"messages\": [1]}"))).isEqualTo("messages[0]");
        assertThat(refusedField(
                        () -> chat("{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]}")))
                .isEqualTo("messages[0].content[0].type");
        assertThat(refusedField(() -> chat("{\"messages\": [{\"role\": \"user\", \"text\": \"\"}]}")))
                .isEqualTo("messages[0].text");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"n\": 1.5}"))).isEqualTo("n");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"stop\": [\"a\", 1]}")))
                .isEqualTo("stop[1]");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"logit_bias\": {\"x\": 1}}")))
                .isEqualTo("logit_bias[x]");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"max_tokens\": 1, \"max_completion_tokens\": 1}")))
                .isEqualTo("max_tokens");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"stream_options\": {}}")))
                .isEqualTo("stream_options");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"modalities\": [\"audio\"]}")))
                .isEqualTo("modalities");
        assertThat(refusedField(() ->
                        chat("{\"messages\": [], \"regex\": \"a\", \"response_format\": {\"type\": \"json_object\"}}")))
                .isEqualTo("regex");
    }

    @Test
    void errorsOfTheContractNameTheRequestsField() throws JsonProcessingException {
        chat("{\"messages\": [], \"max_completion_tokens\": 1, \"repeat_penalty\": 1, \"grammar\": \"g\"}");
        Map<String, String> expected = Map.ofEntries(
                Map.entry("options.sampling.top_p", "top_p"),
                Map.entry("options.sampling.repeat_penalty", "repeat_penalty"),
                Map.entry("options.sampling.logit_bias[7]", "logit_bias[7]"),
                Map.entry("options.max_tokens", "max_completion_tokens"),
                Map.entry("options.n", "n"),
                Map.entry("options.top_logprobs", "top_logprobs"),
                Map.entry("options.stop[1]", "stop[1]"),
                Map.entry("options.adapter.scale", "adapter.scale"),
                Map.entry("options.constraint", "grammar"),
                Map.entry("options.constraint.grammar", "grammar"),
                Map.entry("tools.tools[2].name", "tools[2].function.name"),
                Map.entry("tools.tools[2].parameters_schema", "tools[2].function.parameters"),
                Map.entry("tools.required_name", "tool_choice"),
                Map.entry("messages[1].tool_calls[0].arguments", "messages[1].tool_calls[0].function.arguments"),
                Map.entry("messages[1].tool_calls[0].id", "messages[1].tool_calls[0].id"),
                Map.entry("texts[3]", "input[3]"),
                Map.entry("model", "model"));
        expected.forEach((contract, name) -> assertThat(names.of(contract)).isEqualTo(name));

        StatusRuntimeException told = names.translated(Errors.invalidArgument("options.n", "must be 1 to 16"));
        assertThat(told.getStatus().getDescription()).isEqualTo("n: must be 1 to 16");
    }

    @Test
    void optionsOfOtherServersAreAcceptedIfTheyAskForNothing() throws JsonProcessingException {
        ChatCompletionRequest request = chat("""
                {"messages": [{"role": "assistant", "content": "a", "reasoning_content": "because"}], "top_k": -1,
                 "best_of": 1, "use_beam_search": false, "length_penalty": 1.0, "bad_words": [],
                 "skip_special_tokens": true, "prompt_logprobs": 1, "verbosity": "low",
                 "stream": true, "stream_options": {"include_usage": true}}
                """);
        assertThat(request.options().getSampling().getTopK()).isZero();
        assertThat(request.options().getPromptLogprobs()).isTrue();
        assertThat(request.variables()).containsEntry("verbosity", "low");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"skip_special_tokens\": false}")))
                .isEqualTo("skip_special_tokens");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"prompt_logprobs\": 5}")))
                .isEqualTo("prompt_logprobs");
    }

    @Test
    void vllmsOptionsReachTheContract() throws JsonProcessingException {
        ChatCompletionRequest request = chat("""
                {"messages": [], "min_tokens": 3, "allowed_token_ids": [5, 6], "return_token_ids": true,
                 "stream": true, "stream_options": {"include_usage": true, "continuous_usage_stats": true}}
                """);
        assertThat(request.options().getMinTokens()).isEqualTo(3);
        assertThat(request.options().getAllowedTokenIdsList()).containsExactly(5, 6);
        assertThat(request.options().getReturnTokenIds()).isTrue();
        assertThat(request.stream()).isEqualTo(new StreamOptions(true, true, true));
        assertThat(chat("{\"messages\": [], \"stream\": true, \"stream_options\": {\"continuous_usage_stats\": true}}")
                        .stream())
                .isEqualTo(new StreamOptions(true, false, false));
        assertThat(refusedField(() -> chat("{\"messages\": [], \"allowed_token_ids\": [\"a\"]}")))
                .isEqualTo("allowed_token_ids[0]");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"min_tokens\": 1.5}")))
                .isEqualTo("min_tokens");
    }

    @Test
    void onlyStrictSchemasAreRejectedForUnsupportedKeywords() throws JsonProcessingException {
        String format = "{\"messages\": [], \"response_format\": {\"type\": \"json_schema\", \"json_schema\":"
                + " {\"name\": \"s\", %s \"schema\": {}}}}";
        assertThat(relaxed(format.formatted(""))).isTrue();
        assertThat(relaxed(format.formatted("\"strict\": false,"))).isTrue();
        assertThat(relaxed(format.formatted("\"strict\": true,"))).isFalse();
        assertThat(relaxed("{\"messages\": [], \"guided_json\": {}}")).isTrue();
        assertThat(relaxed("{\"messages\": [], \"structured_outputs\": {\"json\": \"{}\"}}"))
                .isTrue();
        assertThat(chat("""
                        {"messages": [], "tools": [{"type": "function", "function": {"name": "a"}},
                         {"type": "function", "function": {"name": "b", "strict": true}}]}
                        """).tools().getToolsList())
                .extracting(Tool::getIgnoreUnsupportedKeywords)
                .containsExactly(true, false);
    }

    private boolean relaxed(String json) throws JsonProcessingException {
        return chat(json).options().getConstraint().getIgnoreUnsupportedKeywords();
    }

    @Test
    void legacyFunctionsAreTools() throws JsonProcessingException {
        ChatCompletionRequest request = chat("""
                {"messages": [
                   {"role": "user", "content": "hi"},
                   {"role": "assistant", "content": null, "function_call": {"name": "f", "arguments": "{}"}},
                   {"role": "function", "name": "f", "content": "2"}],
                 "functions": [{"name": "f", "description": "d", "parameters": {"type": "object"}}],
                 "function_call": {"name": "f"}}
                """);
        assertThat(request.legacy() && request.oneCall()).isTrue();
        assertThat(request.tools().getTools(0).getDescription()).isEqualTo("d");
        assertThat(request.tools().getTools(0).getParametersSchema()).isEqualTo("{\"type\":\"object\"}");
        assertThat(request.tools().getMode()).isEqualTo(ToolMode.TOOL_MODE_REQUIRED);
        assertThat(request.tools().getRequiredName()).isEqualTo("f");
        assertThat(request.messages().get(1).getToolCalls(0).getName()).isEqualTo("f");
        assertThat(request.messages().get(2).getRole()).isEqualTo("tool");
        assertThat(request.messages().get(2).getToolCallId())
                .isNotEmpty()
                .isEqualTo(request.messages().get(1).getToolCalls(0).getId());
        assertThat(names.of("tools.tools[0].parameters_schema")).isEqualTo("functions[0].parameters");
        assertThat(names.of("tools.required_name")).isEqualTo("function_call.name");
        assertThat(names.of("messages[1].tool_calls[0].arguments")).isEqualTo("messages[1].function_call.arguments");
    }

    @Test
    void invalidLegacyFunctionsAreRejectedByField() {
        String functions = "\"messages\": [], \"functions\": [{\"name\": \"f\"}]";
        assertThat(refusedField(() -> chat("{" + functions + ", \"tools\": []}")))
                .isEqualTo("tools");
        assertThat(refusedField(() -> chat("{" + functions + ", \"function_call\": \"required\"}")))
                .isEqualTo("function_call");
        assertThat(refusedField(() -> chat("{" + functions + ", \"function_call\": {}}")))
                .isEqualTo("function_call.name");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"function_call\": \"auto\"}")))
                .isEqualTo("function_call");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"functions\": [{\"name\": \"f\", \"extra\": 1}]}")))
                .isEqualTo("functions[0].extra");
        assertThat(refusedField(() -> chat("{\"messages\": [{\"role\": \"function\", \"name\": \"f\"}]}")))
                .isEqualTo("messages[0].name");
        assertThat(refusedField(() ->
                        chat("{\"messages\": [{\"role\": \"assistant\", \"function_call\": {\"arguments\": \"\"}}]}")))
                .isEqualTo("messages[0].function_call.name");
    }

    @Test
    void constraintsHaveVllmsNamesToo() throws JsonProcessingException {
        assertThat(chat("{\"messages\": [], \"guided_json\": {\"type\": \"integer\"}}")
                        .options()
                        .getConstraint()
                        .getJsonSchema())
                .isEqualTo("{\"type\":\"integer\"}");
        assertThat(chat("{\"messages\": [], \"guided_choice\": [\"a\", \"b\"]}")
                        .options()
                        .getConstraint()
                        .getChoices()
                        .getTextsList())
                .containsExactly("a", "b");
        assertThat(chat("{\"messages\": [], \"structured_outputs\": {\"regex\": \"[0-9]+\"}}")
                        .options()
                        .getConstraint()
                        .getRegex())
                .isEqualTo("[0-9]+");
        assertThat(names.of("options.constraint.regex")).isEqualTo("structured_outputs.regex");
        assertThat(refusedField(() ->
                        chat("{\"messages\": [], \"structured_outputs\": {\"regex\": \"a\", \"choice\": [\"b\"]}}")))
                .isEqualTo("structured_outputs.json");
        assertThat(refusedField(() -> chat("{\"messages\": [], \"guided_regex\": \"a\", \"choice\": [\"b\"]}")))
                .isEqualTo("guided_regex");
    }

    @Test
    void allowedToolsAreTheOnlyOnes() throws JsonProcessingException {
        String tools = "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"a\"}},"
                + " {\"type\": \"function\", \"function\": {\"name\": \"b\"}}]";
        String choice = "\"tool_choice\": {\"type\": \"allowed_tools\", \"allowed_tools\": {\"mode\": \"required\","
                + " \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"%s\"}}]}}";
        ChatCompletionRequest request = chat("{\"messages\": [], " + tools + ", " + choice.formatted("b") + "}");
        assertThat(request.tools().getToolsList()).extracting(Tool::getName).containsExactly("b");
        assertThat(names.of("tools.tools[0].parameters_schema")).isEqualTo("tools[1].function.parameters");
        assertThat(request.tools().getMode()).isEqualTo(ToolMode.TOOL_MODE_REQUIRED);
        assertThat(refusedField(() -> chat("{\"messages\": [], " + tools + ", " + choice.formatted("c") + "}")))
                .isEqualTo("tool_choice.allowed_tools.tools[0].function.name");
    }
}
