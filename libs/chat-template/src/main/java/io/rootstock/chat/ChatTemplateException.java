package io.rootstock.chat;

/** A chat template that cannot be read, fails on a conversation, or loses part of it. */
public final class ChatTemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message what went wrong, with the line where it is known
     */
    public ChatTemplateException(String message) {
        super(message);
    }

    /**
     * @param message what went wrong, with the line where it is known
     * @param cause what the template engine said
     */
    public ChatTemplateException(String message, Throwable cause) {
        super(message, cause);
    }
}
