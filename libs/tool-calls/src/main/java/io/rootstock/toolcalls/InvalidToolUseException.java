package io.rootstock.toolcalls;

/** Functions or messages that are invalid, with field and reason. */
public final class InvalidToolUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String reason;

    InvalidToolUseException(String field, String reason) {
        super(field + " " + reason);
        this.field = field;
        this.reason = reason;
    }

    /** The invalid field, such as {@code tools.tools[0].name} or {@code messages[1].role}. */
    public String field() {
        return field;
    }

    /** The requirement and the value, such as {@code must be a JSON object}. */
    public String reason() {
        return reason;
    }
}
