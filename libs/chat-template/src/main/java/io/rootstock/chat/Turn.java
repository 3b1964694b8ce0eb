package io.rootstock.chat;

import java.util.List;
import java.util.Objects;

/**
 * One message of a conversation, such as {@code new Turn("user", "What is a record?")}.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant} or {@code tool}, or another word a template
 *     knows. Letters, digits, {@code _} and {@code -} only, at most 32, because templates write it outside of the content
 * @param content what is said, any text
 * @param toolCalls calls that an assistant's turn made
 * @param toolCallId for a tool's turn: the call it answers; else empty
 */
public record Turn(String role, String content, List<ToolCall> toolCalls, String toolCallId) {
    /** The role whose content is an answer. */
    public static final String ASSISTANT = "assistant";

    private static final int LONGEST_ROLE = 32;

    public Turn {
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(toolCallId, "toolCallId");
        toolCalls = List.copyOf(toolCalls);
        if (role.isEmpty() || role.length() > LONGEST_ROLE || !role.chars().allMatch(Turn::belongsToRole)) {
            throw new IllegalArgumentException(
                    "a role is 1 to 32 letters, digits, '_' or '-', such as user or assistant, was: " + role);
        }
    }

    /** A turn of words alone. */
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
