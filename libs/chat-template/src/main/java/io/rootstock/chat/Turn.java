package io.rootstock.chat;

import java.util.List;
import java.util.Objects;

/**
 * One message of a conversation, such as {@code new Turn("user", "What is a record?")}.
 *
 * @param role {@code system}, {@code user}, {@code assistant}, {@code tool}, or another role of the template. Letters,
 *     digits, {@code _} and {@code -} only, at most 32, because templates write it outside of the content
 * @param content content, any text
 * @param toolCalls calls by an assistant turn
 * @param toolCallId for a tool's turn: id of the answered call; else empty
 */
public record Turn(String role, String content, List<ToolCall> toolCalls, String toolCallId) {
    /** Role of answers. */
    public static final String ASSISTANT = "assistant";

    private static final int MAX_ROLE_LENGTH = 32;

    public Turn {
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(toolCallId, "toolCallId");
        toolCalls = List.copyOf(toolCalls);
        if (role.isEmpty() || role.length() > MAX_ROLE_LENGTH || !role.chars().allMatch(Turn::belongsToRole)) {
            throw new IllegalArgumentException(
                    "a role is 1 to 32 letters, digits, '_' or '-', such as user or assistant, was: " + role);
        }
    }

    /** Creates a turn without tool calls. */
    public Turn(String role, String content) {
        this(role, content, List.of(), "");
    }

    private static boolean belongsToRole(int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '_'
                || character == '-';
    }
}
