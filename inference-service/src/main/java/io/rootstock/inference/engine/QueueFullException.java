package io.rootstock.inference.engine;

import java.time.Duration;

/** The queue is full; retry after {@link #retryAfter}. */
public final class QueueFullException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public QueueFullException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** Estimated time until the queue has room. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
