package io.rootstock.inference.engine;

import java.time.Duration;

/** No room is left to wait in; try again after {@link #retryAfter}. */
public final class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    QueueFullException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** When room is likely. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
