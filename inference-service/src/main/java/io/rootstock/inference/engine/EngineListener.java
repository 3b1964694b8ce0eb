package io.rootstock.inference.engine;

/**
 * Hears what an engine or a reader of texts does, for metrics. Called on their threads (refusals: on the caller's), so it
 * must return at once and throw nothing.
 */
public interface EngineListener {
    /** Hears nothing. */
    EngineListener NONE = new EngineListener() {};

    /** Why a request ended without its text. */
    enum Refusal {
        /** Too many requests or prompt tokens were waiting. */
        QUEUE_FULL,
        /** It waited longer than it may. */
        QUEUE_TIMEOUT,
        /** It was aborted by its id. */
        ABORTED,
        /** Its reader took nothing for too long. */
        READER_STALLED
    }

    /** A text got its first token, so many seconds after its request arrived. */
    default void firstToken(double seconds) {}

    /** A text got another token, so many seconds after the one before. */
    default void token(double seconds) {}

    /** So many tokens are decoded now: prompt tokens and one of each running text, or a part of texts read whole. */
    default void batch(int tokens) {}

    /** A request got its slot after waiting so many seconds. */
    default void queueWait(double seconds) {}

    /** A text got its prompt read: tokens that were read, and tokens that were in memory already. */
    default void prompt(int read, int cached) {}

    /** A request was refused or ended without its text. */
    default void refused(Refusal reason) {}
}
