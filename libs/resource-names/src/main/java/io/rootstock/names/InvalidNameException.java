package io.rootstock.names;

/** A resource name is malformed; the message states the form that it must have, and the name. */
public final class InvalidNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidNameException(String message) {
        super(message);
    }
}
