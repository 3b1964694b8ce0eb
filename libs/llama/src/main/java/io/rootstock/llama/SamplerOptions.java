package io.rootstock.llama;

import java.util.Map;

/**
 * Parameters of the sampler, which selects the next token.
 *
 * @param temperature 0: greedy; higher values flatten the distribution
 * @param topK number of most probable tokens to sample from; 0: all
 * @param topP cumulative probability of the most probable tokens to sample from (nucleus sampling), 0 (exclusive) to 1
 * @param minP minimum probability of a token relative to the most probable token, 0 to 1
 * @param repeatPenalty above 1 makes the last {@value #PENALTY_WINDOW} tokens less likely; 1: off
 * @param presencePenalty subtracted from the logit of each of those tokens; 0: off
 * @param frequencyPenalty subtracted from the logit of each of those tokens per occurrence; 0: off
 * @param logitBias added to the logits of these tokens before all other steps
 * @param seed unsigned seed of the random generator; -1 (0xFFFFFFFF): a random seed
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
    /** Number of last tokens that penalties consider, prompt tokens included. */
    public static final int PENALTY_WINDOW = 64;

    /** Always selects the most probable token. */
    public static final SamplerOptions GREEDY = new SamplerOptions(0, 0, 1, 0, 1, 0);

    /** Value of the seed that requests a random seed. */
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

    /** Creates options without presence penalty, frequency penalty and logit bias. */
    public SamplerOptions(float temperature, int topK, float topP, float minP, float repeatPenalty, int seed) {
        this(temperature, topK, topP, minP, repeatPenalty, 0, 0, Map.of(), seed);
    }

    /** Returns a copy with another seed. */
    public SamplerOptions withSeed(int other) {
        return new SamplerOptions(
                temperature, topK, topP, minP, repeatPenalty, presencePenalty, frequencyPenalty, logitBias, other);
    }

    /** Returns a copy with penalties for tokens that occurred. */
    public SamplerOptions withPenalties(float presence, float frequency) {
        return new SamplerOptions(temperature, topK, topP, minP, repeatPenalty, presence, frequency, logitBias, seed);
    }

    /** Returns a copy with these values added to the logits of these tokens. */
    public SamplerOptions withLogitBias(Map<Integer, Float> bias) {
        return new SamplerOptions(
                temperature, topK, topP, minP, repeatPenalty, presencePenalty, frequencyPenalty, bias, seed);
    }

    /** Whether a penalty changes the logits of tokens that occurred. */
    public boolean penalizes() {
        return repeatPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0;
    }

    private static void require(boolean condition, String message, float value) {
        if (!condition) {
            throw new IllegalArgumentException(message + ", was " + value);
        }
    }
}
