package io.rootstock.inference.engine;

import io.rootstock.llama.SamplerOptions;
import java.util.List;

/**
 * What to generate.
 *
 * @param prompt tokens to continue, at least one, fewer than the engine's context length
 * @param maximumTokens most tokens to make, at least 1
 * @param sampling how each is chosen
 * @param stop texts to stop before, none empty
 */
@SuppressWarnings("ArrayRecordComponent") // tokens are compared by nobody, and boxing them would cost
public record GenerationRequest(int[] prompt, int maximumTokens, SamplerOptions sampling, List<String> stop) {
    public GenerationRequest {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("an empty prompt");
        }
        if (maximumTokens < 1) {
            throw new IllegalArgumentException("maximumTokens must be at least 1, was " + maximumTokens);
        }
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("an empty stop string");
        }
        stop = List.copyOf(stop);
    }
}
