package io.rootstock.tokenizer.row;

/** The shape of a file cannot be decided; the message states file, line, reason and remedy. */
public final class UnclearShapeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnclearShapeException(String message) {
        super(message);
    }
}
