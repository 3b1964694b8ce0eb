package io.rootstock.inference.engine.scheduling;

import java.time.Duration;

/**
 * Options of a generation engine.
 *
 * @param slots maximum number of completions decoded at once
 * @param queue maximum number of completions that wait for a slot
 * @param queuedTokens maximum number of prompt tokens that wait for a slot, over all requests
 * @param contextLength maximum number of tokens of a prompt and its completion; at most the context length of the
 *     training
 * @param prefillChunk prompt tokens processed between two tokens of running streams, for each completion in prefill
 * @param exact keys and values in F32 instead of F16
 * @param stallLimit time without a read after which a client loses its slot
 * @param adapters maximum number of loaded low-rank adapters
 * @param promptCacheBytes size of the prompt cache in bytes; 0 disables it
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
        long promptCacheBytes) {
    private static final int DEFAULT_ADAPTERS = 16;
    private static final long DEFAULT_PROMPT_CACHE_BYTES = 256L << 20;

    public EngineOptions {
        if (slots < 1 || queue < 0 || queuedTokens < 0 || contextLength < 2 || prefillChunk < 1) {
            throw new IllegalArgumentException("slots, contextLength and prefillChunk must be positive");
        }
        if (adapters < 0 || promptCacheBytes < 0) {
            throw new IllegalArgumentException("adapters and promptCacheBytes must not be negative");
        }
    }

    /**
     * Options with default values of queuedTokens ({@code queue} prompts of {@code contextLength} tokens), adapters and
     * promptCacheBytes.
     */
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
                DEFAULT_ADAPTERS,
                DEFAULT_PROMPT_CACHE_BYTES);
    }

    /** A copy with another limit of queued prompt tokens. */
    public EngineOptions withQueuedTokens(long tokens) {
        return new EngineOptions(
                slots, queue, tokens, contextLength, prefillChunk, exact, stallLimit, adapters, promptCacheBytes);
    }
}
