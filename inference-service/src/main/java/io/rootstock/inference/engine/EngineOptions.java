package io.rootstock.inference.engine;

import java.time.Duration;

/**
 * How a generation engine works.
 *
 * @param slots texts decoded at once
 * @param queue texts that may wait for a slot
 * @param queuedTokens prompt tokens that may wait for a slot, over all requests
 * @param contextLength most tokens of a text, prompt and answer; at most what the model was trained on
 * @param prefillChunk prompt tokens read between two tokens of running streams, times the texts whose prompts are read
 * @param exact keys and values in F32 instead of F16
 * @param stallLimit how long a reader may take nothing before its slot is given to others
 * @param adapters low-rank adapters that may be loaded
 * @param savedBytes host memory for the states of conversations that lost their slot; 0: none are kept
 */
public record EngineOptions(
        int slots,
        int queue,
        long queuedTokens,
        int contextLength,
        int prefillChunk,
        boolean exact,
        Duration stallLimit,
        int adapters,
        long savedBytes) {
    private static final int STANDARD_ADAPTERS = 16;
    private static final long STANDARD_SAVED_BYTES = 256L << 20;

    public EngineOptions {
        if (slots < 1 || queue < 0 || queuedTokens < 0 || contextLength < 2 || prefillChunk < 1) {
            throw new IllegalArgumentException("slots, contextLength and prefillChunk must be positive");
        }
        if (adapters < 0 || savedBytes < 0) {
            throw new IllegalArgumentException("adapters and savedBytes must not be negative");
        }
    }

    /** With the standard bounds of queued tokens (as many as the queue's requests have on average), adapters and states. */
    public EngineOptions(
            int slots, int queue, int contextLength, int prefillChunk, boolean exact, Duration stallLimit) {
        this(
                slots,
                queue,
                (long) queue * contextLength,
                contextLength,
                prefillChunk,
                exact,
                stallLimit,
                STANDARD_ADAPTERS,
                STANDARD_SAVED_BYTES);
    }

    /** The same with another bound of queued prompt tokens. */
    public EngineOptions withQueuedTokens(long tokens) {
        return new EngineOptions(
                slots, queue, tokens, contextLength, prefillChunk, exact, stallLimit, adapters, savedBytes);
    }
}
