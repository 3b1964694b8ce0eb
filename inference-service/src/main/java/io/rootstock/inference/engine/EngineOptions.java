package io.rootstock.inference.engine;

import java.time.Duration;

/**
 * How a generation engine works.
 *
 * @param slots requests decoded at once
 * @param queue requests that may wait for a slot
 * @param contextLength most tokens of a request, prompt and answer; at most what the model was trained on
 * @param prefillChunk prompt tokens read between two tokens of running streams
 * @param exact keys and values in F32 instead of F16
 * @param stallLimit how long a reader may take nothing before its slot is given to others
 */
public record EngineOptions(
        int slots, int queue, int contextLength, int prefillChunk, boolean exact, Duration stallLimit) {
    public EngineOptions {
        if (slots < 1 || queue < 0 || contextLength < 2 || prefillChunk < 1) {
            throw new IllegalArgumentException("slots, contextLength and prefillChunk must be positive");
        }
    }
}
