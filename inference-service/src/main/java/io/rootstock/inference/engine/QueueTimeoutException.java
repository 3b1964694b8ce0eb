package io.rootstock.inference.engine;

import java.time.Duration;

/** No slot became free within the request's queue timeout. */
public final class QueueTimeoutException extends EngineException {
    private static final long serialVersionUID = 1L;

    public QueueTimeoutException(Duration timeout) {
        super("no slot became free within " + timeout.toMillis() + " ms");
    }
}
