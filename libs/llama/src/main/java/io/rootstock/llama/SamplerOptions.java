package io.rootstock.llama;

/**
 * How the next token is chosen.
 *
 * @param temperature 0: the likeliest token; higher: flatter
 * @param topK only the k likeliest; 0: all
 * @param topP only the likeliest of this total probability, 0 (exclusive) to 1
 * @param minP only tokens of at least this share of the likeliest, 0 to 1
 * @param repeatPenalty above 1 makes the last 64 tokens less likely; 1: off
 * @param seed of the random choice, as an unsigned number; -1 (0xFFFFFFFF): a random one
 */
public record SamplerOptions(float temperature, int topK, float topP, float minP, float repeatPenalty, int seed) {
    /** The likeliest token, always. */
    public static final SamplerOptions GREEDY = new SamplerOptions(0, 0, 1, 0, 1, 0);

    public SamplerOptions {
        require(temperature >= 0 && temperature <= 100, "temperature must be 0 to 100", temperature);
        require(topK >= 0, "topK must be 0 or more", topK);
        require(topP > 0 && topP <= 1, "topP must be above 0 and at most 1", topP);
        require(minP >= 0 && minP <= 1, "minP must be 0 to 1", minP);
        require(
                repeatPenalty > 0 && repeatPenalty <= 10,
                "repeatPenalty must be above 0 and at most 10",
                repeatPenalty);
    }

    private static void require(boolean condition, String message, float value) {
        if (!condition) {
            throw new IllegalArgumentException(message + ", was " + value);
        }
    }
}
