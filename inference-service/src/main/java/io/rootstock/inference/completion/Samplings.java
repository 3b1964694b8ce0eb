package io.rootstock.inference.completion;

import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.SamplingDefaults;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.service.Errors;
import java.util.Map;

/** Reads sampling options: applies defaults to unset fields, and rejects values out of range with their field. */
final class Samplings {
    private static final String FIELD = "options.sampling.";
    /** As in OpenAI's API. */
    private static final float MAX_TEMPERATURE = 2;

    private static final float MAX_PENALTY = 2;
    private static final float MAX_BIAS = 100;
    private static final int MAX_BIASED_TOKENS = 300;

    private Samplings() {}

    static SamplerOptions options(Sampling sampling) {
        float temperature = sampling.hasTemperature() ? sampling.getTemperature() : SamplingDefaults.TEMPERATURE;
        int topK = sampling.hasTopK() ? sampling.getTopK() : SamplingDefaults.TOP_K;
        float topP = sampling.hasTopP() ? sampling.getTopP() : SamplingDefaults.TOP_P;
        float minP = sampling.hasMinP() ? sampling.getMinP() : SamplingDefaults.MIN_P;
        float repeatPenalty =
                sampling.hasRepeatPenalty() ? sampling.getRepeatPenalty() : SamplingDefaults.REPEAT_PENALTY;
        require(
                temperature >= 0 && temperature <= MAX_TEMPERATURE,
                "temperature",
                "must be 0 to 2, was " + temperature);
        require(topK >= 0, "top_k", "must be at least 0, was " + topK);
        require(topP > 0 && topP <= 1, "top_p", "must be above 0 and at most 1, was " + topP);
        require(minP >= 0 && minP <= 1, "min_p", "must be 0 to 1, was " + minP);
        require(
                repeatPenalty > 0 && repeatPenalty <= 10,
                "repeat_penalty",
                "must be above 0 and at most 10, was " + repeatPenalty);
        return new SamplerOptions(
                        temperature,
                        topK,
                        topP,
                        minP,
                        repeatPenalty,
                        sampling.hasSeed() ? sampling.getSeed() : SamplerOptions.RANDOM_SEED)
                .withPenalties(
                        penalty(sampling.getPresencePenalty(), "presence_penalty"),
                        penalty(sampling.getFrequencyPenalty(), "frequency_penalty"))
                .withLogitBias(bias(sampling));
    }

    private static float penalty(float value, String field) {
        // Written so that NaN is rejected too.
        require(Math.abs(value) <= MAX_PENALTY, field, "must be -2 to 2, was " + value);
        return value;
    }

    private static Map<Integer, Float> bias(Sampling sampling) {
        Map<Integer, Float> bias = sampling.getLogitBiasMap();
        require(
                bias.size() <= MAX_BIASED_TOKENS,
                "logit_bias",
                "must hold at most " + MAX_BIASED_TOKENS + " tokens, holds " + bias.size());
        bias.forEach((token, value) ->
                require(Math.abs(value) <= MAX_BIAS, "logit_bias[" + token + "]", "must be -100 to 100, was " + value));
        return bias;
    }

    private static void require(boolean condition, String field, String description) {
        if (!condition) {
            throw Errors.invalidArgument(FIELD + field, description);
        }
    }
}
