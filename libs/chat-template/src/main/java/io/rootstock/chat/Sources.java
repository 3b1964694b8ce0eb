package io.rootstock.chat;

import io.rootstock.chat.jinja.runtime.RenderedPiece;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Values;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Numbers the strings of a conversation as sources, and finds them in the rendered output. */
final class Sources {
    private static final int TOOLS = -1;
    private static final int VARIABLES = -2;

    private final Conversation conversation;

    Sources(Conversation conversation) {
        this.conversation = conversation;
    }

    /** Variables of the template. */
    Map<String, Object> variables() {
        Map<String, Object> variables = new HashMap<>();
        conversation.variables().forEach((name, value) -> variables.put(name, Values.of(value, VARIABLES)));
        Map<String, String> functions = new HashMap<>();
        List<Object> messages = new java.util.ArrayList<>();
        for (int turn = 0; turn < conversation.turns().size(); turn++) {
            messages.add(message(turn, functions));
        }
        variables.put("messages", messages);
        variables.put("add_generation_prompt", conversation.addGenerationPrompt());
        List<Object> tools = conversation.tools().stream().map(Sources::tool).toList();
        variables.put("tools", tools.isEmpty() ? Values.of(null, Text.TEMPLATE) : tools);
        return variables;
    }

    private Object message(int index, Map<String, String> functions) {
        Turn turn = conversation.turns().get(index);
        Map<Object, Object> message = new LinkedHashMap<>();
        put(message, "role", Text.of(turn.role()));
        put(message, "content", Text.of(turn.content(), content(index)));
        if (!turn.toolCalls().isEmpty()) {
            turn.toolCalls().forEach(call -> functions.put(call.id(), call.name()));
            put(
                    message,
                    "tool_calls",
                    turn.toolCalls().stream()
                            .map(call -> call(call, calls(index)))
                            .toList());
        }
        if (!turn.toolCallId().isEmpty()) {
            put(message, "tool_call_id", Text.of(turn.toolCallId(), content(index)));
            String function = functions.get(turn.toolCallId());
            if (function != null) {
                put(message, "name", Text.of(function, content(index)));
            }
        }
        return message;
    }

    private static Object call(ToolCall call, int source) {
        Map<Object, Object> function = new LinkedHashMap<>();
        put(function, "name", Text.of(call.name(), source));
        put(function, "arguments", Values.of(call.arguments(), source));
        Map<Object, Object> entry = new LinkedHashMap<>();
        put(entry, "id", Text.of(call.id(), source));
        put(entry, "type", Text.of("function"));
        put(entry, "function", function);
        return entry;
    }

    private static Object tool(ToolDefinition tool) {
        Map<Object, Object> function = new LinkedHashMap<>();
        put(function, "name", Text.of(tool.name(), TOOLS));
        put(function, "description", Text.of(tool.description(), TOOLS));
        put(function, "parameters", Values.of(tool.parameters(), TOOLS));
        Map<Object, Object> entry = new LinkedHashMap<>();
        put(entry, "type", Text.of("function"));
        put(entry, "function", function);
        return entry;
    }

    private static void put(Map<Object, Object> map, String key, Object value) {
        map.put(Text.of(key), value);
    }

    private static int content(int turn) {
        return 2 * turn + 1;
    }

    private static int calls(int turn) {
        return 2 * turn + 2;
    }

    /** Returns the index of the assistant turn of a source; -1 if it has none. */
    int answeringTurn(int source) {
        int turn = source > 0 ? (source - 1) / 2 : -1;
        return turn >= 0 && conversation.turns().get(turn).role().equals(Turn.ASSISTANT) ? turn : -1;
    }

    /** Rejects output that lost content. Many templates omit the text beside tool calls, which is allowed. */
    void requireNothingLost(List<RenderedPiece> written) {
        Set<Integer> seen = written.stream().map(part -> part.piece().source()).collect(Collectors.toSet());
        List<Turn> turns = conversation.turns();
        for (int i = 0; i < turns.size(); i++) {
            Turn turn = turns.get(i);
            boolean silent = turn.content().isBlank() || !turn.toolCalls().isEmpty();
            if (!silent && !seen.contains(content(i))) {
                throw new ChatTemplateException("the chat template leaves out message " + (i + 1) + " of "
                        + turns.size() + " (role " + turn.role() + ")");
            }
            if (!turn.toolCalls().isEmpty() && !seen.contains(calls(i))) {
                throw new ChatTemplateException(
                        "the chat template leaves out the tool calls of message " + (i + 1) + " of " + turns.size());
            }
        }
        if (!conversation.tools().isEmpty() && !seen.contains(TOOLS)) {
            throw new ChatTemplateException("the chat template does not show the tools to the model");
        }
    }
}
