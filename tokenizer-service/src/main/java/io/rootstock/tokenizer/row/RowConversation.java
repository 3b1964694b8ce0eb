package io.rootstock.tokenizer.row;

import io.rootstock.chat.Turn;
import io.rootstock.toolcalls.ChatMessage;
import io.rootstock.toolcalls.FunctionTool;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The conversation of a row.
 *
 * @param messages messages, oldest first
 * @param tools functions that the model may call; empty if the row has none
 */
public record RowConversation(List<ChatMessage> messages, List<FunctionTool> tools) {
    private static final String TOOL = "tool";

    public RowConversation {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /** Whether the conversation has tools, calls or results. */
    public boolean usesTools() {
        return !tools.isEmpty()
                || messages.stream()
                        .anyMatch(message ->
                                !message.toolCalls().isEmpty() || message.role().equals(TOOL));
    }

    /** The messages without tools. */
    public List<Turn> turns() {
        return messages.stream()
                .map(message -> new Turn(message.role(), message.content()))
                .toList();
    }

    /** The contents of the answers, joined. */
    public String answers() {
        return messages.stream()
                .filter(message -> message.role().equals(Turn.ASSISTANT))
                .map(ChatMessage::content)
                .collect(Collectors.joining());
    }

    /** Whether an answer has text or calls. */
    boolean isAnswered() {
        return messages.stream().anyMatch(RowConversation::isAnswer);
    }

    private static boolean isAnswer(ChatMessage message) {
        return message.role().equals(Turn.ASSISTANT)
                && (!message.content().isBlank() || !message.toolCalls().isEmpty());
    }
}
