package io.rootstock.inference.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Conversation;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Tools;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The functions of one request, with the template of the model that answers it. Where one must be called, the answer
 * begins with {@link #answerBeginning}, which belongs to the prompt, and goes on as {@link #callSchema} says.
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
     * The functions of a request; none is well.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT by field, such as {@code tools.tools[0].name}
     */
    public static ToolUse of(Tools tools, ChatTemplate template) {
        return new ToolUse(ToolSet.of(tools), template);
    }

    /**
     * What the template renders for these messages and functions, up to the header of the answer.
     *
     * @param variables more variables that some templates know
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT by field, such as {@code messages[1].role}
     */
    public Conversation conversation(List<Message> messages, Map<String, Object> variables) {
        return Turns.conversation(messages, tools, template, variables);
    }

    /** What the answer begins with, as part of the prompt: special tokens in it are special. Empty unless a call is forced. */
    public String answerBeginning() {
        return tools.mustCall() ? format.answerBeginning() : "";
    }

    /** JSON Schema of the forced call: what the model's text must be. Empty unless a call is forced. */
    public Optional<String> callSchema() {
        if (!tools.mustCall()) {
            return Optional.empty();
        }
        List<ObjectNode> calls = tools.mayCall().stream().map(this::callOf).toList();
        if (calls.size() == 1) {
            return Optional.of(calls.getFirst().toString());
        }
        ObjectNode any = JsonObjects.create();
        ArrayNode choices = any.putArray("anyOf");
        calls.forEach(choices::add);
        return Optional.of(any.toString());
    }

    /** Finds the calls in one answer; none where no function may be called. */
    public Optional<ToolCallParser> parser() {
        return tools.mayCall().isEmpty()
                ? Optional.empty()
                : Optional.of(new ToolCallParser(format, tools.mayCall(), tools.mustCall()));
    }

    private ObjectNode callOf(String name) {
        ObjectNode schema = JsonObjects.create();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.putObject("name").put("const", name);
        ObjectNode arguments = tools.schemas().get(name).deepCopy();
        if (!arguments.has("type")) {
            arguments.put("type", "object");
        }
        ObjectNode definitions = JsonObjects.create();
        for (String key : List.of("$defs", "definitions")) {
            if (arguments.has(key)) {
                // References in the arguments' schema are from its root, which is now this one.
                definitions.set(key, arguments.remove(key));
            }
        }
        properties.set(format.argumentsKey(), arguments);
        schema.putArray("required").add("name").add(format.argumentsKey());
        schema.put("additionalProperties", false);
        schema.setAll(definitions);
        return schema;
    }
}
