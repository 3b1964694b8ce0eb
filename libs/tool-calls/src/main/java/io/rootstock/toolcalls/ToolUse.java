package io.rootstock.toolcalls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Conversation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The functions of one request, for the chat template of one model. If a function must be called, the prompt ends with
 * {@link #answerBeginning}, and the generated text must match {@link #callSchema}.
 */
public final class ToolUse {
    private final ToolSet tools;
    private final ChatTemplate template;
    private final ToolFormat format;

    private ToolUse(ToolSet tools, ChatTemplate template) {
        this.tools = tools;
        this.template = template;
        this.format = ToolFormat.of(template);
    }

    /**
     * The functions of a request, possibly none.
     *
     * @throws InvalidToolUseException by field, such as {@code tools.tools[0].name}
     */
    public static ToolUse of(ToolOptions options, ChatTemplate template) {
        return new ToolUse(ToolSet.of(options), template);
    }

    /**
     * The conversation to render, up to the header of the answer.
     *
     * @param variables additional variables of the chat template
     * @throws InvalidToolUseException by field, such as {@code messages[1].role}
     */
    public Conversation conversation(List<ChatMessage> messages, Map<String, Object> variables) {
        return Turns.conversation(messages, tools, template, variables);
    }

    /**
     * Beginning of the answer that belongs to the prompt; special tokens in it are parsed. Empty unless a call is
     * forced.
     */
    public String answerBeginning() {
        return tools.mustCall() ? format.answerBeginning() : "";
    }

    /** JSON Schema that the generated text must match. Empty unless a call is forced. */
    public Optional<String> callSchema() {
        if (!tools.mustCall()) {
            return Optional.empty();
        }
        List<String> names = tools.mayCall();
        if (names.size() == 1) {
            return Optional.of(callOf(names.getFirst(), "").toString());
        }
        ObjectNode any = JsonObjects.create();
        ArrayNode choices = any.putArray("anyOf");
        for (int i = 0; i < names.size(); i++) {
            choices.add(callOf(names.get(i), "/anyOf/" + i));
        }
        return Optional.of(any.toString());
    }

    /** Creates the parser of one answer; empty if no function may be called. */
    public Optional<ToolCallParser> parser() {
        return tools.mayCall().isEmpty()
                ? Optional.empty()
                : Optional.of(new ToolCallParser(format, tools.mayCall(), tools.mustCall()));
    }

    /** Schema of a call; {@code pointer} is its JSON pointer in the schema of the answer. */
    private ObjectNode callOf(String name, String pointer) {
        ObjectNode schema = JsonObjects.create();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("name").put("const", name);
        ObjectNode arguments = tools.schemas().get(name).deepCopy();
        if (!arguments.has("type")) {
            arguments.put("type", "object");
        }
        moveReferences(arguments, "#" + pointer + "/properties/" + format.argumentsKey());
        properties.set(format.argumentsKey(), arguments);
        schema.putArray("required").add("name").add(format.argumentsKey());
        schema.put("additionalProperties", false);
        return schema;
    }

    /** Lets references from the schema's root begin at its new place. */
    private static void moveReferences(JsonNode schema, String place) {
        if (schema instanceof ObjectNode object) {
            JsonNode reference = object.get("$ref");
            if (reference != null
                    && reference.isTextual()
                    && reference.textValue().startsWith("#")) {
                object.put("$ref", place + reference.textValue().substring(1));
            }
        }
        schema.forEach(child -> moveReferences(child, place));
    }
}
