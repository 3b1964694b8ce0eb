package io.rootstock.inference.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.inference.http.Fields;
import java.util.List;
import java.util.Set;

/** Converts the items of an input, and the output items of a response, to messages of a chat completion. */
final class InputItems {
    /** Fields of items of earlier responses that clients send back. */
    private static final Set<String> OF_ITEMS = Set.of("id", "status", "type", "phase");

    private static final String MESSAGE = "message";
    private static final Set<String> OF_PARTS = Set.of("annotations", "logprobs");
    private static final Set<String> TEXTS = Set.of("input_text", "output_text");

    private final ArrayNode messages;

    /** Adds messages to these. */
    InputItems(ArrayNode messages) {
        this.messages = messages;
    }

    /**
     * Adds the items of a request's {@code input}: a text or a list.
     *
     * @param names receives the origin of each message
     * @return the items, as {@code /v1/responses/{id}/input_items} lists them
     */
    ArrayNode add(Fields body, ResponseNames names) {
        JsonNode input = body.required("input", body.any("input"));
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        if (input.isTextual()) {
            ObjectNode item = JsonNodeFactory.instance.objectNode().put("role", "user");
            item.set("content", input);
            add(item, body, "input");
            names.message("input");
            return items.add(listed(item));
        }
        List<JsonNode> given = body.list("input", input, JsonNode::isObject, "an object");
        for (int i = 0; i < given.size(); i++) {
            items.add(listed((ObjectNode) given.get(i)));
            if (add((ObjectNode) given.get(i), body, "input[" + i + "]")) {
                names.message("input[" + i + "]");
            }
        }
        return items;
    }

    /** An item with the fields that clients require in a list of items. */
    private static ObjectNode listed(ObjectNode item) {
        ObjectNode listed = item.deepCopy();
        if (!item.has("type")) {
            listed.put("type", MESSAGE);
        }
        if (!item.has("id")) {
            listed.put("id", ResponseObject.id(listed.get("type").asText().equals(MESSAGE) ? "msg_" : "fc_"));
        }
        if (item.path("content").isTextual()) {
            String type = item.path("role").asText().equals("assistant") ? "output_text" : "input_text";
            ObjectNode part = listed.putArray("content").addObject();
            part.put("type", type).set("text", item.get("content"));
        }
        return listed;
    }

    /** Adds the output items of a response. */
    void addOutput(Iterable<JsonNode> items, Fields body) {
        items.forEach(item -> add((ObjectNode) item, body, "output"));
    }

    /** Adds an item; returns whether it became a message of its own. */
    private boolean add(ObjectNode item, Fields body, String path) {
        String type = item.path("type").asText(MESSAGE);
        return switch (type) {
            case MESSAGE -> {
                ObjectNode message = item.deepCopy();
                message.remove(OF_ITEMS);
                message.replace("content", content(item.get("content")));
                messages.add(message);
                yield true;
            }
            case "function_call" -> call(item);
            case "function_call_output" -> {
                messages.addObject()
                        .put("role", "tool")
                        .put("tool_call_id", item.path("call_id").asText())
                        .set("content", content(item.get("output")));
                yield true;
            }
            default ->
                throw body.refused(
                        path + ".type",
                        "must be message, function_call or function_call_output: this service knows no other items, was '"
                                + type + "'");
        };
    }

    /** Consecutive calls belong to one message, as chat templates expect them. */
    private boolean call(ObjectNode item) {
        ObjectNode call = JsonNodeFactory.instance.objectNode().put("type", "function");
        call.set("id", item.get("call_id"));
        ObjectNode function = call.putObject("function");
        function.set("name", item.get("name"));
        function.set("arguments", item.get("arguments"));
        JsonNode last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
        boolean continues = last != null && last.path("role").asText().equals("assistant");
        ObjectNode message = continues
                ? (ObjectNode) last
                : messages.addObject().put("role", "assistant").putNull("content");
        message.withArray("tool_calls").add(call);
        return !continues;
    }

    /** A text, or a list of parts whose types become those of chat completions. */
    private static JsonNode content(JsonNode given) {
        if (given == null || !given.isArray()) {
            return given;
        }
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        for (JsonNode part : given) {
            if (part.isObject() && TEXTS.contains(part.path("type").asText())) {
                ObjectNode text = ((ObjectNode) part).deepCopy();
                text.remove(OF_PARTS);
                parts.add(text.put("type", "text"));
            } else {
                parts.add(part);
            }
        }
        return parts;
    }
}
