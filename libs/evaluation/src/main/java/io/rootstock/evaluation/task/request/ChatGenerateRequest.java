package io.rootstock.evaluation.task.request;

import java.util.List;

/**
 * Greedy answer to a conversation.
 *
 * @param messages conversation, oldest message first
 * @param until stop sequences; the response ends before the first of them
 * @param maxTokens largest number of generated tokens
 */
public record ChatGenerateRequest(List<ChatMessage> messages, List<String> until, int maxTokens) implements Request {
    public ChatGenerateRequest {
        messages = List.copyOf(messages);
        until = List.copyOf(until);
    }
}
