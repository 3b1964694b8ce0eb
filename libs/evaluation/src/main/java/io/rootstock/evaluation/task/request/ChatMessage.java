package io.rootstock.evaluation.task.request;

/**
 * A message of a conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 * @param content text
 */
public record ChatMessage(String role, String content) {}
