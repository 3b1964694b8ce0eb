package io.rootstock.inference.engine;

/**
 * How busy an engine is.
 *
 * @param slots texts that can be decoded at once
 * @param active texts being decoded
 * @param queued texts waiting for a slot
 * @param queuedTokens prompt tokens of those
 * @param usedCells cells of the key-value cache that hold a token, of running requests and kept prefixes
 * @param cells cells of the key-value cache
 * @param tokensPerSecond tokens made in a second, over the last ten
 */
public record EngineLoad(
        int slots, int active, int queued, long queuedTokens, long usedCells, long cells, double tokensPerSecond) {}
