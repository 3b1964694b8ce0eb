package io.rootstock.tokenizer.row;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The two forms of messages in lists. */
enum MessageForm {
    /** {@code {role, content}}. */
    OPENAI("role", "content"),
    /** {@code {from, value}}. */
    SHAREGPT("from", "value");

    private final String sender;
    private final String text;

    MessageForm(String sender, String text) {
        this.sender = sender;
        this.text = text;
    }

    /** Field with the sender. */
    String sender() {
        return sender;
    }

    /** Field with the text. */
    String text() {
        return text;
    }

    /** Returns the form of a message; empty if it has no sender. */
    static Optional<MessageForm> of(JsonNode message) {
        for (MessageForm form : values()) {
            if (message.path(form.sender).isTextual()) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /** Returns the form of the first message of a list, or of one message; empty if it is neither. */
    static Optional<MessageForm> ofList(JsonNode list) {
        return of(list.isArray() ? list.path(0) : list);
    }
}
