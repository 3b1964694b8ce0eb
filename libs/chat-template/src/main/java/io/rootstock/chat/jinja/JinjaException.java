package io.rootstock.chat.jinja;

/** A template that cannot be read or fails while it is rendered. */
public final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final boolean raised;

    private JinjaException(String message, int line, boolean raised) {
        super(message);
        this.line = line;
        this.raised = raised;
    }

    JinjaException(String message) {
        this(message, 0, false);
    }

    JinjaException(String message, int line) {
        this(message, line, false);
    }

    /** What a template's call of {@code raise_exception} throws. */
    static JinjaException raisedByTemplate(String message) {
        return new JinjaException(message, 0, true);
    }

    /** The template's line, from 1; 0 where it is not known. */
    public int line() {
        return line;
    }

    /** Whether the template itself refused, by {@code raise_exception}. */
    public boolean raised() {
        return raised;
    }

    /** The same at a line, if none is known yet. */
    JinjaException at(int otherLine) {
        return line > 0 ? this : new JinjaException(getMessage(), otherLine, raised);
    }
}
