package io.rootstock.chat.jinja.value;

/** A template cannot be parsed, or fails while it is rendered. */
public final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Maximum characters of a message, which may quote the template. */
    private static final int MAX_MESSAGE = 500;

    private final int line;
    private final boolean raised;

    private JinjaException(String message, int line, boolean raised) {
        super(message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…");
        this.line = line;
        this.raised = raised;
    }

    public JinjaException(String message) {
        this(message, 0, false);
    }

    public JinjaException(String message, int line) {
        this(message, line, false);
    }

    /** Creates the exception of the template function {@code raise_exception}. */
    public static JinjaException raisedByTemplate(String message) {
        return new JinjaException(message, 0, true);
    }

    /** Line of the template, from 1; 0 if unknown. */
    public int line() {
        return line;
    }

    /** Whether the template called {@code raise_exception}. */
    public boolean raised() {
        return raised;
    }

    /** Adds the line, if it is not known yet. */
    public JinjaException at(int otherLine) {
        return line > 0 ? this : new JinjaException(getMessage(), otherLine, raised);
    }
}
