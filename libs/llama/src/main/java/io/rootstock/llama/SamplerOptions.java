package io.rootstock.llama;

import java.util.Map;

/**
 * How the next token is chosen.
 *
 * @param temperature 0: the likeliest token; higher: flatter
 * @param topK only the k likeliest; 0: all
 * @param topP only the likeliest of this total probability, 0 (exclusive) to 1
 * @param minP only tokens of at least this share of the likeliest, 0 to 1
 * @param repeatPenalty above 1 makes the last {@value #PENALTY_WINDOW} tokens less likely; 1: off
 * @param presencePenalty taken off the logit of each of those tokens; 0: off
 * @param frequencyPenalty taken off the logit of each of those tokens for each time it occurred; 0: off
 * @param logitBias added to the logits of these tokens before anything else
 * @param seed of the random choice, as an unsigned number; -1 (0xFFFFFFFF): a random one
 */
public record SamplerOptions(
        float temperature,
        int topK,
        float topP,
        float minP,
        float repeatPenalty,
        float presencePenalty,
        float frequencyPenalty,
        Map<Integer, Float> logitBias,
        int seed) {
    /** Tokens that penalties look back on, those of the prompt included. */
    public static final int PENALTY_WINDOW = 64;

    /** The likeliest token, always. */
    public static final SamplerOptions GREEDY = new SamplerOptions(0, 0, 1, 0, 1, 0);

    /** The seed that stands for a random one. */
    public static final int RANDOM_SEED = -1;

    public SamplerOptions {
        require(temperature >= 0 && temperature <= 100, "temperature must be 0 to 100", temperature);
        require(topK >= 0, "topK must be 0 or more", topK);
        require(topP > 0 && topP <= 1, "topP must be above 0 and at most 1", topP);
        require(minP >= 0 && minP <= 1, "minP must be 0 to 1", minP);
        require(
                repeatPenalty > 0 && repeatPenalty <= 10,
                "repeatPenalty must be above 0 and at most 10",
                repeatPenalty);
        require(Math.abs(presencePenalty) <= 100, "presencePenalty must be -100 to 100", presencePenalty);
        require(Math.abs(frequencyPenalty) <= 100, "frequencyPenalty must be -100 to 100", frequencyPenalty);
        logitBias = Map.copyOf(logitBias);
        logitBias.values().forEach(bias -> require(!Float.isNaN(bias), "logitBias must be numbers", bias));
    }

    /** Without presence penalty, frequency penalty and bias. */
    public SamplerOptions(float temperature, int topK, float topP, float minP, float repeatPenalty, int seed) {
        this(temperature, topK, topP, minP, repeatPenalty, 0, 0, Map.of(), seed);
    }

    /** The same with another seed. */
    public SamplerOptions withSeed(int other) {
        return new SamplerOptions(
                temperature, topK, topP, minP, repeatPenalty, presencePenalty, frequencyPenalty, logitBias, other);
    }

    /** The same with penalties for tokens that occurred. */
    public SamplerOptions withPenalties(float presence, float frequency) {
        return new SamplerOptions(temperature, topK, topP, minP, repeatPenalty, presence, frequency, logitBias, seed);
    }

    /** The same with these numbers added to the logits of these tokens. */
    public SamplerOptions withLogitBias(Map<Integer, Float> bias) {
        return new SamplerOptions(
                temperature, topK, topP, minP, repeatPenalty, presencePenalty, frequencyPenalty, bias, seed);
    }

    /** Whether tokens that occurred are made less or more likely. */
    public boolean penalizes() {
        return repeatPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0;
    }

    private static void require(boolean condition, String message, float value) {
        if (!condition) {
            throw new IllegalArgumentException(message + ", was " + value);
        }
    }
}
