package io.rootstock.inference.engine;

import java.time.Duration;

/** A request that an engine rejected or ended without a result. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why the request has no result. */
    public enum Reason {
        /** The queue is full; retry after {@link EngineException#retryAfter}. */
        QUEUE_FULL,
        /** No slot became free within the request's queue timeout. */
        QUEUE_TIMEOUT,
        /** The client read nothing for the stall limit and lost its slot. */
        READER_STALLED,
        /** The request was aborted by its id. */
        ABORTED,
        /** The engine was closed while the request waited or was decoded. */
        CLOSED,
        /** The request's grammar is not valid GBNF with a rule {@code root}, or fits no continuation. */
        INVALID_GRAMMAR,
        /** No loaded adapter can be evicted for another one: all are pinned or in use. */
        ADAPTERS_FULL,
        /** The model computed logits or hidden states that are NaN or infinite. */
        NON_FINITE_LOGITS
    }

    private final Reason reason;
    private final Duration retryAfter;

    private EngineException(Reason reason, String message, Duration retryAfter) {
        super(message);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    private EngineException(Reason reason, String message) {
        this(reason, message, Duration.ZERO);
    }

    /**
     * The error of a request for which the queue has no room.
     *
     * @param retryAfter estimated time until the queue has room
     */
    public static EngineException queueFull(String message, Duration retryAfter) {
        return new EngineException(Reason.QUEUE_FULL, message, retryAfter);
    }

    /**
     * The error of a request that waited too long.
     *
     * @param timeout queue timeout of the request
     */
    public static EngineException queueTimeout(Duration timeout) {
        return new EngineException(Reason.QUEUE_TIMEOUT, "no slot became free within " + timeout.toMillis() + " ms");
    }

    /**
     * The error of a request whose client stopped reading.
     *
     * @param limit longest time without a read while text is waiting
     */
    public static EngineException readerStalled(Duration limit) {
        return new EngineException(
                Reason.READER_STALLED, "nothing was read for " + limit.toSeconds() + " s while text was waiting");
    }

    /**
     * The error of an aborted request.
     *
     * @param requestId id of the aborted request
     */
    public static EngineException aborted(String requestId) {
        return new EngineException(Reason.ABORTED, "request " + requestId + " was aborted");
    }

    /** The error of requests whose engine is closed. */
    public static EngineException closed() {
        return new EngineException(Reason.CLOSED, "the model was unloaded");
    }

    /**
     * The error of an invalid grammar.
     *
     * @param message the violation
     */
    public static EngineException invalidGrammar(String message) {
        return new EngineException(Reason.INVALID_GRAMMAR, message);
    }

    /**
     * The error of an adapter for which there is no room.
     *
     * @param adapters number of loaded adapters
     */
    public static EngineException adaptersFull(int adapters) {
        return new EngineException(Reason.ADAPTERS_FULL, "all " + adapters + " loaded adapters are pinned or in use");
    }

    /** The error of requests whose logits or hidden states are not finite. */
    public static EngineException nonFiniteLogits() {
        return new EngineException(
                Reason.NON_FINITE_LOGITS, "its weights give NaN; they are damaged, or their training diverged");
    }

    /** Why the request has no result. */
    public Reason reason() {
        return reason;
    }

    /** Estimated time until a full queue has room; zero for other reasons. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
