package io.rootstock.inference.openai.responses;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of this API for the fields of a chat completion, so that errors name the client's fields. */
final class ResponseNames {
    private static final Pattern MESSAGE = Pattern.compile("messages\\[(\\d+)](.*)");
    private static final Pattern TOOL = Pattern.compile("(tools\\[\\d+]|tool_choice)\\.(?:function|allowed_tools)(.*)");

    /** Longer names come before their beginnings. */
    private static final List<Map.Entry<String, String>> RENAMED = List.of(
            Map.entry("response_format.json_schema", "text.format"),
            Map.entry("response_format", "text.format"),
            Map.entry("max_completion_tokens", "max_output_tokens"),
            Map.entry("reasoning_effort", "reasoning.effort"),
            Map.entry("verbosity", "text.verbosity"));

    private final List<String> messages = new ArrayList<>();

    /** Registers the origin of the next message. */
    void message(String origin) {
        messages.add(origin);
    }

    /** This API's name of a field of a chat completion. */
    String of(String chat) {
        Matcher message = MESSAGE.matcher(chat);
        if (message.matches() && Integer.parseInt(message.group(1)) < messages.size()) {
            String origin = messages.get(Integer.parseInt(message.group(1)));
            return origin.startsWith("input[") ? origin + message.group(2) : origin;
        }
        if (chat.equals("messages") && !messages.isEmpty()) {
            return "input";
        }
        Matcher tool = TOOL.matcher(chat);
        if (tool.matches()) {
            return tool.group(1) + tool.group(2);
        }
        return RENAMED.stream()
                .filter(name -> chat.startsWith(name.getKey()))
                .findFirst()
                .map(name -> name.getValue() + chat.substring(name.getKey().length()))
                .orElse(chat);
    }
}
