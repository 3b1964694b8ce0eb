package io.rootstock.chat;

/** A chat template cannot be parsed, fails on a conversation, or loses part of it. */
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message the error, with the line if it is known
     */
    public ChatTemplateException(String message) {
        super(message);
    }

    /**
     * @param message the error, with the line if it is known
     * @param cause the exception of the template engine
     */
    public ChatTemplateException(String message, Throwable cause) {
        super(message, cause);
    }
}
