package io.rootstock.inference.openai.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.ToolCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads the messages of one conversation. The legacy {@code function_call} and role {@code function} become tool calls
 * and tool messages with generated ids.
 */
final class MessageReader {
    private static final String FUNCTION = "function";
    private static final String FUNCTION_CALL = "function_call";

    private final FieldNames names;
    /** Id of the last legacy call of each function. */
    private final Map<String, String> legacyCalls = new HashMap<>();

    private int legacyCount;

    private MessageReader(FieldNames names) {
        this.names = names;
    }

    /** Reads the messages in order and registers the names of legacy fields in {@code names}. */
    static List<Message> read(List<Fields> turns, FieldNames names) {
        MessageReader reader = new MessageReader(names);
        return turns.stream().map(reader::read).toList();
    }

    private Message read(Fields turn) {
        String role = turn.required("role", turn.text("role"));
        Message.Builder message = Message.newBuilder().setContent(content(turn));
        switch (role) {
            // OpenAI's newer name of the role system.
            case "developer" -> message.setRole("system");
            case FUNCTION -> {
                String name = turn.required("name", turn.text("name"));
                if (!legacyCalls.containsKey(name)) {
                    throw turn.refused("name", "must be the name of a function called before, was '" + name + "'");
                }
                message.setRole("tool").setToolCallId(legacyCalls.get(name));
            }
            default -> message.setRole(role);
        }
        turn.objects("tool_calls").forEach(call -> message.addToolCalls(call(call)));
        turn.object(FUNCTION_CALL).ifPresent(call -> message.addToolCalls(legacyCall(turn, call)));
        if (!role.equals(FUNCTION)) {
            turn.text("tool_call_id").ifPresent(message::setToolCallId);
        }
        // Fields of responses that clients send back.
        turn.ignore("name", "refusal", "annotations", "audio", "reasoning_content", "reasoning");
        turn.end();
        return message.build();
    }

    private ToolCall legacyCall(Fields turn, Fields call) {
        if (turn.has("tool_calls")) {
            throw turn.refused(FUNCTION_CALL, "must not be set beside tool_calls");
        }
        String name = call.required("name", call.text("name"));
        String id = FUNCTION_CALL + "_" + ++legacyCount;
        legacyCalls.put(name, id);
        names.put(turn.path("tool_calls") + "[0]", turn.path(FUNCTION_CALL));
        ToolCall.Builder made = ToolCall.newBuilder().setId(id).setName(name);
        call.text("arguments").ifPresent(made::setArguments);
        call.end();
        return made.build();
    }

    private static String content(Fields turn) {
        Optional<JsonNode> content = turn.any("content");
        if (content.isEmpty() || content.get().isTextual()) {
            return content.map(JsonNode::textValue).orElse("");
        }
        return turn.objects("content").stream().map(MessageReader::part).collect(Collectors.joining("\n"));
    }

    private static String part(Fields part) {
        String type = part.required("type", part.text("type"));
        if (!type.equals("text")) {
            throw part.refused("type", "must be text: this service reads nothing else, was '" + type + "'");
        }
        String text = part.required("text", part.text("text"));
        part.end();
        return text;
    }

    private static ToolCall call(Fields call) {
        Fields function = call.required("function", call.object("function"));
        ToolCall.Builder made = ToolCall.newBuilder();
        call.text("id").ifPresent(made::setId);
        function.text("name").ifPresent(made::setName);
        function.text("arguments").ifPresent(made::setArguments);
        function.end();
        ToolsReader.requireFunction(call);
        call.ignore("index");
        call.end();
        return made.build();
    }
}
