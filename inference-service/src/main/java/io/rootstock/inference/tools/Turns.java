package io.rootstock.inference.tools;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Conversation;
import io.rootstock.chat.Turn;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.ToolCall;
import io.rootstock.service.Errors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Converts messages to a conversation; uses {@link StatedForm} if the template does not support tools. */
final class Turns {
    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");
    private static final String TOOL = "tool";

    private Turns() {}

    static Conversation conversation(
            List<Message> messages, ToolSet tools, ChatTemplate template, Map<String, Object> variables) {
        if (messages.isEmpty()) {
            throw Errors.invalidArgument("messages", "must hold at least one message");
        }
        List<Turn> turns = new ArrayList<>();
        Set<String> calls = new HashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            turns.add(turn(messages.get(i), "messages[" + i + "]", calls));
        }
        if (!template.showsToolCalls()) {
            turns = StatedForm.inWords(turns);
        }
        if (tools.definitions().isEmpty() || template.showsTools()) {
            return new Conversation(turns, tools.definitions(), true, variables);
        }
        return new Conversation(StatedForm.withTools(turns, tools.definitions()), List.of(), true, variables);
    }

    private static Turn turn(Message message, String field, Set<String> calls) {
        String role = message.getRole();
        require(ROLES.contains(role), field + ".role", "must be system, user, assistant or tool, was '" + role + "'");
        require(
                message.getToolCallsCount() == 0 || role.equals(Turn.ASSISTANT),
                field + ".tool_calls",
                "belong to the role assistant, the role is " + role);
        require(
                role.equals(TOOL) == !message.getToolCallId().isEmpty(),
                field + ".tool_call_id",
                "must be set for the role tool, and only for it; the role is " + role);
        require(
                !role.equals(TOOL) || calls.contains(message.getToolCallId()),
                field + ".tool_call_id",
                "must be the id of a call made before, was '" + message.getToolCallId() + "'");
        List<io.rootstock.chat.ToolCall> made = new ArrayList<>();
        for (int i = 0; i < message.getToolCallsCount(); i++) {
            ToolCall call = message.getToolCalls(i);
            String place = field + ".tool_calls[" + i + "]";
            require(!call.getName().isEmpty(), place + ".name", "must be set");
            require(
                    !call.getId().isEmpty() && calls.add(call.getId()),
                    place + ".id",
                    "must be set and differ from the ids of other calls, was '" + call.getId() + "'");
            ObjectNode arguments = JsonObjects.object(call.getArguments().isBlank() ? "{}" : call.getArguments())
                    .orElseThrow(() -> Errors.invalidArgument(place + ".arguments", "must be a JSON object in a text"));
            made.add(new io.rootstock.chat.ToolCall(call.getId(), call.getName(), JsonObjects.map(arguments)));
        }
        return new Turn(role, message.getContent(), made, message.getToolCallId());
    }

    private static void require(boolean condition, String field, String description) {
        if (!condition) {
            throw Errors.invalidArgument(field, description);
        }
    }
}
