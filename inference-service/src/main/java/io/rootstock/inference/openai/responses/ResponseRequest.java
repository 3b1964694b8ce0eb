package io.rootstock.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.openai.chat.ChatCompletionRequest;
import io.rootstock.service.Errors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request of {@code POST /v1/responses}, read as a chat completion.
 *
 * @param chat the chat completion
 * @param conversation its messages without instructions: those of the previous response, then those of the input
 * @param input the input's items
 * @param given the request's body
 * @param stream whether the response is a stream of events
 * @param store whether the response is kept
 */
record ResponseRequest(
        ChatCompletionRequest chat,
        ArrayNode conversation,
        ArrayNode input,
        ObjectNode given,
        boolean stream,
        boolean store) {
    private static final String PREVIOUS = "previous_response_id";
    private static final String CHOICE = "tool_choice";
    private static final String LOGPROBS = "message.output_text.logprobs";
    private static final Set<String> UNSUPPORTED =
            Set.of("conversation", "prompt", "n", "messages", "functions", "function_call", "return_token_ids");

    /** Fields that a chat completion lacks: converted, checked here, or about built-in functions, which are not offered. */
    private static final Set<String> OWN = Set.of(
            "background",
            "include",
            "input",
            "instructions",
            "max_output_tokens",
            "max_tool_calls",
            PREVIOUS,
            "reasoning",
            "stream",
            "stream_options",
            "text",
            "truncation");

    /**
     * Reads a request.
     *
     * @param chatNames receives a chat completion's names of the contract's fields
     * @param names receives this API's names of a chat completion's fields
     * @throws StatusRuntimeException if a field is invalid or unknown, with this API's names or a chat completion's
     */
    static ResponseRequest read(ObjectNode given, FieldNames chatNames, ResponseNames names, ResponseStore responses) {
        Fields body = Fields.of(given);
        for (String name : UNSUPPORTED) {
            if (body.has(name)) {
                throw body.refused(name, "is not supported");
            }
        }
        body.text("truncation").filter(value -> !value.equals("disabled")).ifPresent(value -> {
            throw body.refused("truncation", "is not supported: must be disabled, was " + value);
        });
        body.acceptNeutral("background", false);
        ObjectNode chat = given.deepCopy();
        chat.remove(OWN);
        ArrayNode messages = chat.putArray("messages");
        body.text("instructions").ifPresent(text -> {
            messages.addObject().put("role", "system").put("content", text);
            names.message("instructions");
        });
        ArrayNode conversation = conversation(body, names, responses);
        ArrayNode input = new InputItems(conversation).add(body, names);
        messages.addAll(conversation);
        convertOptions(body, chat);
        convertTools(given, chat);
        return new ResponseRequest(
                ChatCompletionRequest.read(Fields.of(chat), chatNames),
                conversation,
                input,
                given,
                body.flag("stream").orElse(false),
                body.flag("store").orElse(true));
    }

    private static ArrayNode conversation(Fields body, ResponseNames names, ResponseStore responses) {
        Optional<String> previous = body.text(PREVIOUS);
        if (previous.isEmpty()) {
            return JsonNodeFactory.instance.arrayNode();
        }
        ArrayNode conversation = responses
                .find(previous.get())
                .orElseThrow(() -> Errors.invalidArguments(
                        "PREVIOUS_RESPONSE_NOT_FOUND",
                        Map.of(
                                PREVIOUS,
                                "is the id of an unknown response: it was not stored, or it is older than the time or"
                                        + " memory limit (rootstock.inference.response-time, response-memory); send the"
                                        + " whole conversation as input")))
                .conversation()
                .deepCopy();
        conversation.forEach(message -> names.message(PREVIOUS));
        return conversation;
    }

    private static void convertOptions(Fields body, ObjectNode chat) {
        body.any("max_output_tokens").ifPresent(most -> chat.set("max_completion_tokens", most));
        body.object("reasoning").ifPresent(reasoning -> {
            reasoning.any("effort").ifPresent(effort -> chat.set("reasoning_effort", effort));
            // A summary of reasoning is not made here.
            reasoning.ignore("summary", "generate_summary");
            reasoning.end();
        });
        body.object("text").ifPresent(text -> {
            text.any("verbosity").ifPresent(verbosity -> chat.set("verbosity", verbosity));
            text.tree("format").ifPresent(format -> chat.set("response_format", format(format)));
            text.end();
        });
        List<String> include = body.texts("include");
        if (include.contains(LOGPROBS)) {
            chat.put("logprobs", true);
        }
        // Other parts are of built-in functions and of reasoning, which this service does not have.
    }

    /** A schema's fields are inside {@code json_schema} in a chat completion. */
    private static ObjectNode format(ObjectNode format) {
        if (!format.path("type").asText().equals("json_schema")) {
            return format;
        }
        ObjectNode schema = format.deepCopy();
        schema.remove("type");
        ObjectNode converted = format.objectNode().put("type", "json_schema");
        converted.set("json_schema", schema);
        return converted;
    }

    /** A function's fields are inside {@code function} in a chat completion. */
    private static void convertTools(ObjectNode given, ObjectNode chat) {
        if (given.path("tools").isArray()) {
            ArrayNode tools = chat.putArray("tools");
            given.get("tools").forEach(tool -> tools.add(nested(tool, "function")));
        }
        JsonNode choice = given.path(CHOICE);
        String type = choice.path("type").asText();
        if (type.equals("function")) {
            chat.set(CHOICE, nested(choice, "function"));
        } else if (type.equals("allowed_tools")) {
            ObjectNode nested = nested(choice, "allowed_tools");
            ArrayNode tools = given.arrayNode();
            choice.path("tools").forEach(tool -> tools.add(nested(tool, "function")));
            ((ObjectNode) nested.get("allowed_tools")).set("tools", tools);
            chat.set(CHOICE, nested);
        }
    }

    private static ObjectNode nested(JsonNode flat, String name) {
        ObjectNode nested = JsonNodeFactory.instance.objectNode();
        ObjectNode inner = nested.objectNode();
        flat.properties().forEach(field -> inner.set(field.getKey(), field.getValue()));
        nested.set("type", inner.remove("type"));
        nested.set(name, inner);
        return nested;
    }
}
