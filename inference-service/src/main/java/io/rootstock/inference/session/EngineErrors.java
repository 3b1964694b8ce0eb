package io.rootstock.inference.session;

import io.rootstock.inference.engine.EngineException;
import io.rootstock.service.Errors;
import java.time.Duration;

/** Maps exceptions of engines to errors with typed details. */
public final class EngineErrors {
    private static final Duration SOON = Duration.ofSeconds(1);

    private EngineErrors() {}

    /** The error for the client; an exception that is not an engine's is returned unchanged. */
    public static RuntimeException of(RuntimeException cause) {
        return cause instanceof EngineException refused ? error(refused) : cause;
    }

    private static RuntimeException error(EngineException cause) {
        String message = cause.getMessage();
        return switch (cause.reason()) {
            case QUEUE_FULL -> Errors.resourceExhausted("QUEUE_FULL", message, cause.retryAfter());
            case QUEUE_TIMEOUT -> Errors.resourceExhausted("QUEUE_TIMEOUT", message, SOON);
            case READER_STALLED -> Errors.resourceExhausted("READER_STALLED", message, SOON);
            case ABORTED -> Errors.aborted("REQUEST_ABORTED", message);
            case CLOSED -> Errors.unavailable("MODEL_UNLOADED", message);
            case INVALID_GRAMMAR -> Errors.invalidArgument("options.constraint.grammar", message);
            case ADAPTERS_FULL -> Errors.resourceExhausted("ADAPTERS_FULL", message + "; unload one", SOON);
            // A fault of the model: without an ErrorInfo reason it counts as a failure of the version.
            case NON_FINITE_LOGITS -> cause;
        };
    }
}
