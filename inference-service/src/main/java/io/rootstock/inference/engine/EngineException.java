package io.rootstock.inference.engine;

/** A request that an engine rejected or ended without a result. */
public abstract sealed class EngineException extends RuntimeException
        permits AbortedException,
                AdaptersFullException,
                EngineClosedException,
                InvalidGrammarException,
                NonFiniteLogitsException,
                QueueFullException,
                QueueTimeoutException,
                ReaderStalledException {
    private static final long serialVersionUID = 1L;

    EngineException(String message) {
        super(message);
    }
}
