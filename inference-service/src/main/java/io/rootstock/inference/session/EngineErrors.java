package io.rootstock.inference.session;

import io.rootstock.inference.engine.AbortedException;
import io.rootstock.inference.engine.AdaptersFullException;
import io.rootstock.inference.engine.EngineClosedException;
import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.InvalidGrammarException;
import io.rootstock.inference.engine.NonFiniteLogitsException;
import io.rootstock.inference.engine.QueueFullException;
import io.rootstock.inference.engine.QueueTimeoutException;
import io.rootstock.inference.engine.ReaderStalledException;
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
        return switch (cause) {
            case QueueFullException full ->
                Errors.resourceExhausted("QUEUE_FULL", full.getMessage(), full.retryAfter());
            case QueueTimeoutException late -> Errors.resourceExhausted("QUEUE_TIMEOUT", late.getMessage(), SOON);
            case ReaderStalledException stalled ->
                Errors.resourceExhausted("READER_STALLED", stalled.getMessage(), SOON);
            case AbortedException aborted -> Errors.aborted("REQUEST_ABORTED", aborted.getMessage());
            case EngineClosedException closed -> Errors.unavailable("MODEL_UNLOADED", closed.getMessage());
            case InvalidGrammarException grammar ->
                Errors.invalidArgument("options.constraint.grammar", grammar.getMessage());
            case AdaptersFullException full ->
                Errors.resourceExhausted("ADAPTERS_FULL", full.getMessage() + "; unload one", SOON);
            // A fault of the model: without an ErrorInfo reason it counts as a failure of the version.
            case NonFiniteLogitsException fault -> fault;
        };
    }
}
