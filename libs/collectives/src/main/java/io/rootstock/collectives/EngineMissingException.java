package io.rootstock.collectives;

/** A library, a device or a launcher that an engine needs is not there; the message says what to do. */
public final class EngineMissingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EngineMissingException(String message) {
        super(message);
    }
}
