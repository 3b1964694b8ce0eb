package io.rootstock.toolcalls;

import java.util.List;

/**
 * A message of a conversation.
 *
 * @param role system, user, assistant or tool
 * @param toolCalls calls made by an assistant message
 * @param toolCallId id of the call that a tool message answers; empty for other roles
 */
public record ChatMessage(String role, String content, List<FunctionCall> toolCalls, String toolCallId) {
    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }
}
