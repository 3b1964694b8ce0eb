package io.rootstock.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Input of a chat template.
 *
 * @param turns oldest first
 * @param tools functions the model may call; the template's variable {@code tools}
 * @param addGenerationPrompt whether to end with the header of an assistant message, which the model then completes
 * @param variables additional template variables, such as {@code enable_thinking}
 */
public record Conversation(
        List<Turn> turns, List<ToolDefinition> tools, boolean addGenerationPrompt, Map<String, Object> variables) {
    public Conversation {
        turns = List.copyOf(turns);
        tools = List.copyOf(tools);
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    }

    /** A conversation without tools. */
    public static Conversation of(List<Turn> turns, boolean addGenerationPrompt) {
        return new Conversation(turns, List.of(), addGenerationPrompt, Map.of());
    }
}
