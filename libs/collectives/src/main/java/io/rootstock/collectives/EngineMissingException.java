package io.rootstock.collectives;

/** A library, device or launcher of an engine is missing; the message says what to do. */
public final class EngineMissingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EngineMissingException(String message) {
        super(message);
    }
}
