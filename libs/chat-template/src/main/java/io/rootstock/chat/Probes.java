package io.rootstock.chat;

import java.util.List;
import java.util.Map;

/** Conversations that test the features of a template. */
final class Probes {
    static final Conversation GREETING = Conversation.of(List.of(new Turn("user", "Hello")), true);

    private static final ToolDefinition TOOL = new ToolDefinition(
            "look_up",
            "Looks up.",
            Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of("word", Map.of("type", "string")),
                    "required",
                    List.of("word")));

    static final Conversation TOOLS =
            new Conversation(List.of(new Turn("user", "Hello")), List.of(TOOL), true, Map.of());

    /** The id has nine characters because Mistral's templates require that. */
    static final Conversation TOOL_CALLS = new Conversation(
            List.of(
                    new Turn("user", "Hello"),
                    new Turn(
                            Turn.ASSISTANT, "", List.of(new ToolCall("aaaabbbbc", "look_up", Map.of("word", "x"))), ""),
                    new Turn("tool", "y", List.of(), "aaaabbbbc")),
            List.of(TOOL),
            true,
            Map.of());

    private Probes() {}
}
