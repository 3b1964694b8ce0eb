package io.rootstock.inference.openai.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.inference.openai.http.Fields;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.ToolCall;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a message of a conversation. */
final class MessageReader {
    private MessageReader() {}

    static Message read(Fields turn) {
        String role = turn.required("role", turn.text("role"));
        Message.Builder message = Message.newBuilder()
                // OpenAI's newer name of the role system.
                .setRole(role.equals("developer") ? "system" : role)
                .setContent(content(turn));
        turn.objects("tool_calls").forEach(call -> message.addToolCalls(call(call)));
        turn.text("tool_call_id").ifPresent(message::setToolCallId);
        // Fields of responses that clients send back.
        turn.ignore("name", "refusal", "annotations", "audio", "reasoning_content", "reasoning");
        turn.end();
        return message.build();
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
