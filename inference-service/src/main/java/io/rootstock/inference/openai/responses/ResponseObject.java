package io.rootstock.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.inference.http.Json;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.TokenLogprobEntry;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.ToolCall;
import java.util.List;
import java.util.UUID;

/** Builds the JSON of a response and its output items. All fields that OpenAI's clients require are present. */
final class ResponseObject {
    private final ResponseHeader header;
    private final ResponseRequest request;

    ResponseObject(ResponseHeader header, ResponseRequest request) {
        this.header = header;
        this.request = request;
    }

    /** The response before its first output. */
    ObjectNode begun() {
        return response("in_progress", request.given().arrayNode()).putNull("usage");
    }

    /** The complete response. */
    ObjectNode ended(ArrayNode output, Finish finish) {
        boolean cut = finish.getReason() == FinishReason.FINISH_REASON_LENGTH;
        ObjectNode response = response(cut ? "incomplete" : "completed", output);
        if (cut) {
            response.putObject("incomplete_details").put("reason", "max_output_tokens");
        }
        ObjectNode usage = response.putObject("usage");
        usage.put("input_tokens", finish.getPromptTokens());
        usage.putObject("input_tokens_details")
                .put("cached_tokens", finish.getCachedTokens())
                .put("cache_write_tokens", 0);
        usage.put("output_tokens", finish.getCompletionTokens());
        usage.putObject("output_tokens_details").put("reasoning_tokens", 0);
        usage.put("total_tokens", finish.getPromptTokens() + finish.getCompletionTokens());
        return response;
    }

    private ObjectNode response(String status, ArrayNode output) {
        ObjectNode given = request.given();
        ObjectNode response = given.objectNode();
        response.put("id", header.id())
                .put("object", "response")
                .put("created_at", header.created())
                .put("status", status)
                .put("background", false)
                .putNull("error")
                .putNull("incomplete_details")
                .put("model", header.model());
        response.set("output", output);
        response.put("parallel_tool_calls", !request.chat().oneCall())
                .put("store", request.store())
                .put("truncation", "disabled");
        for (String name : List.of(
                "instructions",
                "max_output_tokens",
                "max_tool_calls",
                "previous_response_id",
                "prompt_cache_key",
                "safety_identifier",
                "temperature",
                "top_p",
                "user")) {
            response.set(name, given.has(name) ? given.get(name) : given.nullNode());
        }
        response.set("metadata", given.path("metadata").isObject() ? given.get("metadata") : given.objectNode());
        response.set("tools", given.path("tools").isArray() ? given.get("tools") : given.arrayNode());
        response.set("tool_choice", given.has("tool_choice") ? given.get("tool_choice") : given.textNode("auto"));
        response.put("top_logprobs", given.path("top_logprobs").asInt(0)).put("service_tier", "default");
        ObjectNode reasoning = response.putObject("reasoning");
        reasoning.set(
                "effort",
                given.path("reasoning").path("effort").isTextual()
                        ? given.get("reasoning").get("effort")
                        : given.nullNode());
        reasoning.putNull("summary");
        ObjectNode text = response.putObject("text");
        text.set(
                "format",
                given.path("text").path("format").isObject()
                        ? given.get("text").get("format")
                        : given.objectNode().put("type", "text"));
        return response;
    }

    /** A new message without content. */
    static ObjectNode message() {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("id", id("msg_"))
                .put("type", "message")
                .put("status", "in_progress")
                .put("role", "assistant")
                .putArray("content");
        return message;
    }

    /** The text of a message. */
    static ObjectNode text(String text, List<TokenLogprob> logprobs) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        part.put("type", "output_text").put("text", text).putArray("annotations");
        part.set("logprobs", logprobs(logprobs));
        return part;
    }

    static JsonNode logprobs(List<TokenLogprob> logprobs) {
        return Json.tree(TokenLogprobEntry.of(logprobs));
    }

    /** A function call whose arguments are not yet written. */
    static ObjectNode call(ToolCall call) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id("fc_"))
                .put("type", "function_call")
                .put("status", "in_progress")
                .put("call_id", call.getId())
                .put("name", call.getName())
                .put("arguments", "");
    }

    /** A new id of an item. */
    static String id(String prefix) {
        return prefix + UUID.randomUUID().toString().replace("-", "");
    }
}
