package io.rootstock.evaluation.task.request;

import java.util.List;

/**
 * Log-probability of the beginning of an answer. The rendered conversation is the context of the continuation, with the
 * boundary of {@link LoglikelihoodRequest}.
 *
 * @param messages conversation, oldest message first
 * @param continuation scored text
 */
public record ChatLoglikelihoodRequest(List<ChatMessage> messages, String continuation) implements Request {
    public ChatLoglikelihoodRequest {
        messages = List.copyOf(messages);
    }
}
