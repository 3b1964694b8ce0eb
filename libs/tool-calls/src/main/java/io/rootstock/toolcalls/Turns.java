package io.rootstock.toolcalls;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Conversation;
import io.rootstock.chat.ToolCall;
import io.rootstock.chat.Turn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Converts messages to a conversation; uses {@link HermesToolPrompt} if the template does not support tools. */
final class Turns {
    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");
    private static final String TOOL = "tool";

    private Turns() {}

    static Conversation conversation(
            List<ChatMessage> messages, ToolSet tools, ChatTemplate template, Map<String, Object> variables) {
        if (messages.isEmpty()) {
            throw new InvalidToolUseException("messages", "must hold at least one message");
        }
        List<Turn> turns = new ArrayList<>();
        Set<String> calls = new HashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            turns.add(turn(messages.get(i), "messages[" + i + "]", calls));
        }
        if (!template.showsToolCalls()) {
            turns = HermesToolPrompt.withoutToolTurns(turns);
        }
        if (tools.definitions().isEmpty() || template.showsTools()) {
            return new Conversation(turns, tools.definitions(), true, variables);
        }
        return new Conversation(HermesToolPrompt.withTools(turns, tools.definitions()), List.of(), true, variables);
    }

    private static Turn turn(ChatMessage message, String field, Set<String> calls) {
        String role = message.role();
        require(ROLES.contains(role), field + ".role", "must be system, user, assistant or tool, was '" + role + "'");
        require(
                message.toolCalls().isEmpty() || role.equals(Turn.ASSISTANT),
                field + ".tool_calls",
                "belong to the role assistant, the role is " + role);
        require(
                role.equals(TOOL) == !message.toolCallId().isEmpty(),
                field + ".tool_call_id",
                "must be set for the role tool, and only for it; the role is " + role);
        require(
                !role.equals(TOOL) || calls.contains(message.toolCallId()),
                field + ".tool_call_id",
                "must be the id of a call made before, was '" + message.toolCallId() + "'");
        List<ToolCall> made = new ArrayList<>();
        for (int i = 0; i < message.toolCalls().size(); i++) {
            FunctionCall call = message.toolCalls().get(i);
            String place = field + ".tool_calls[" + i + "]";
            require(!call.name().isEmpty(), place + ".name", "must be set");
            require(
                    !call.id().isEmpty() && calls.add(call.id()),
                    place + ".id",
                    "must be set and differ from the ids of other calls, was '" + call.id() + "'");
            ObjectNode arguments = JsonObjects.object(call.arguments().isBlank() ? "{}" : call.arguments())
                    .orElseThrow(
                            () -> new InvalidToolUseException(place + ".arguments", "must be a JSON object in a text"));
            made.add(new ToolCall(call.id(), call.name(), JsonObjects.map(arguments)));
        }
        return new Turn(role, message.content(), made, message.toolCallId());
    }

    private static void require(boolean condition, String field, String description) {
        if (!condition) {
            throw new InvalidToolUseException(field, description);
        }
    }
}
