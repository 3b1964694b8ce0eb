package io.rootstock.toolcalls;

import io.rootstock.chat.JsonText;
import io.rootstock.chat.ToolCall;
import io.rootstock.chat.ToolDefinition;
import io.rootstock.chat.Turn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tool use for templates without support for it, in the Hermes format: the system message contains the functions as
 * JSON between {@code <tools>} tags, assistant messages contain the calls between {@code <tool_call>} tags, and user
 * messages contain the results between {@code <tool_response>} tags.
 */
final class HermesToolPrompt {
    private HermesToolPrompt() {}

    static List<Turn> withTools(List<Turn> turns, List<ToolDefinition> tools) {
        StringBuilder text = new StringBuilder("""
                You may call functions to answer. They are described in JSON between <tools> and </tools>:
                <tools>
                """);
        for (ToolDefinition tool : tools) {
            Map<String, Object> function = new LinkedHashMap<>();
            function.put("name", tool.name());
            function.put("description", tool.description());
            function.put("parameters", tool.parameters());
            text.append(JsonText.of(function)).append('\n');
        }
        text.append("""
                </tools>
                To call a function, answer with its name and its arguments in JSON between tags, one pair for each call:
                <tool_call>
                {"name": "the function's name", "arguments": {"argument": "value"}}
                </tool_call>""");
        List<Turn> result = new ArrayList<>(turns);
        if (turns.getFirst().role().equals("system")) {
            result.set(0, new Turn("system", turns.getFirst().content() + "\n\n" + text));
        } else {
            result.addFirst(new Turn("system", text.toString()));
        }
        return result;
    }

    /** Renders tool calls and their results as text of the assistant and the user. */
    static List<Turn> withoutToolTurns(List<Turn> turns) {
        List<Turn> result = new ArrayList<>();
        StringBuilder answers = new StringBuilder();
        for (Turn turn : turns) {
            if (turn.role().equals("tool")) {
                answers.append(answers.isEmpty() ? "" : "\n")
                        .append("<tool_response>\n")
                        .append(turn.content())
                        .append("\n</tool_response>");
            } else {
                addAnswers(answers, result);
                result.add(turn.toolCalls().isEmpty() ? turn : new Turn(turn.role(), contentWithCalls(turn)));
            }
        }
        addAnswers(answers, result);
        return result;
    }

    private static void addAnswers(StringBuilder answers, List<Turn> result) {
        if (!answers.isEmpty()) {
            result.add(new Turn("user", answers.toString()));
            answers.setLength(0);
        }
    }

    private static String contentWithCalls(Turn turn) {
        StringBuilder text = new StringBuilder(turn.content());
        for (ToolCall call : turn.toolCalls()) {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("name", call.name());
            json.put("arguments", call.arguments());
            text.append("<tool_call>\n").append(JsonText.of(json)).append("\n</tool_call>");
        }
        return text.toString();
    }
}
