package io.rootstock.inference.engine;

/**
 * Receives events of an engine or a text reader, for metrics. Called on their threads (refusals on the caller's
 * thread), so it must return immediately and not throw.
 */
public interface EngineListener {
    /** Ignores all events. */
    EngineListener NONE = new EngineListener() {};

    /** Reasons for which a request ended without a result. */
    enum Refusal {
        /** The queue was full, in requests or in prompt tokens. */
        QUEUE_FULL,
        /** The request exceeded its queue timeout. */
        QUEUE_TIMEOUT,
        /** The request was aborted by its id. */
        ABORTED,
        /** The client read nothing for too long. */
        READER_STALLED
    }

    /** A completion received its first token, {@code seconds} after its request arrived. */
    default void firstToken(double seconds) {}

    /** A completion received another token, {@code seconds} after the previous one. */
    default void token(double seconds) {}

    /**
     * A batch of this many tokens is decoded: prompt tokens and one token of each running completion, or a part of a
     * pack of texts.
     */
    default void batch(int tokens) {}

    /** A request received its slot after waiting {@code seconds}. */
    default void queueWait(double seconds) {}

    /**
     * A prompt was processed.
     *
     * @param read tokens that were decoded
     * @param cached tokens that came from the prefix cache
     */
    default void prompt(int read, int cached) {}

    /** A request was rejected or ended without a result. */
    default void refused(Refusal reason) {}
}
