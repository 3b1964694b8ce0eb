package io.rootstock.evaluator.engine;

/** The inference process cannot serve the version; the message states the reason, for users. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public EngineException(String message) {
        super(message);
    }

    public EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
