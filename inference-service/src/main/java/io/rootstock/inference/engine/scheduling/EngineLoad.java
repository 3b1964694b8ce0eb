package io.rootstock.inference.engine.scheduling;

/**
 * Current load of an engine.
 *
 * @param slots maximum number of completions decoded at once
 * @param active completions being decoded
 * @param queued completions waiting for a slot
 * @param queuedTokens prompt tokens of the waiting completions
 * @param usedCells cells of the KV cache that hold a token, of running requests and cached prefixes
 * @param cells cells of the KV cache
 * @param tokensPerSecond generated tokens per second, over the last ten seconds
 */
public record EngineLoad(
        int slots, int active, int queued, long queuedTokens, long usedCells, long cells, double tokensPerSecond) {}
