package io.rootstock.inference.openai.generation;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Duration;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.v1.AdapterUse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the generation options common to chats and completions: OpenAI's names, and the names of vLLM and llama-server
 * for options that OpenAI lacks. Unset options get the contract's defaults; values are validated later.
 */
public final class GenerationOptionsReader {
    private static final double NANOSECONDS = 1e9;

    /** OpenAI's fields that have no effect on the completion. */
    private static final String[] WITHOUT_EFFECT = {
        "user",
        "metadata",
        "store",
        "service_tier",
        "safety_identifier",
        "prompt_cache_key",
        "prompt_cache_retention",
        "prediction"
    };

    /** Options of vLLM and llama-server that this service lacks, and the value of each that asks for nothing. */
    private static final Map<String, Object> NEUTRAL = Map.ofEntries(
            Map.entry("use_beam_search", false),
            Map.entry("length_penalty", 1),
            Map.entry("early_stopping", false),
            Map.entry("bad_words", List.of()),
            Map.entry("skip_special_tokens", true),
            Map.entry("spaces_between_special_tokens", true),
            Map.entry("include_stop_str_in_output", false),
            Map.entry("return_tokens_as_token_ids", false),
            Map.entry("detokenize", true),
            Map.entry("typical_p", 1),
            Map.entry("mirostat", 0));

    private GenerationOptionsReader() {}

    /** Reads the options and registers their field names in {@code names}. */
    public static GenerationOptions.Builder read(Fields body, FieldNames names) {
        GenerationOptions.Builder options = GenerationOptions.newBuilder().setSampling(sampling(body, names));
        body.number("n").ifPresent(options::setN);
        options.addAllStop(body.texts("stop"));
        options.addAllStopTokenIds(body.tokens("stop_token_ids"));
        body.flag("ignore_eos").ifPresent(options::setIgnoreEndOfText);
        body.integer("min_tokens").ifPresent(options::setMinTokens);
        options.addAllAllowedTokenIds(body.tokens("allowed_token_ids"));
        body.flag("return_token_ids").ifPresent(options::setReturnTokenIds);
        options.setPromptLogprobs(promptLogprobs(body));
        body.flag("cache_prompt").ifPresent(cache -> options.setBypassPrefixCache(!cache));
        body.text("request_id").ifPresent(options::setRequestId);
        body.integer("priority").ifPresent(options::setPriority);
        body.decimal("queue_timeout").ifPresent(seconds -> options.setQueueTimeout(duration(seconds)));
        body.object("adapter").ifPresent(adapter -> options.setAdapter(adapter(adapter)));
        ConstraintReader.read(body, names).ifPresent(options::setConstraint);
        body.ignore(WITHOUT_EFFECT);
        NEUTRAL.forEach(body::acceptNeutral);
        return options;
    }

    /** A flag, or vLLM's number of alternatives for each token of the prompt, of which this service lists none. */
    private static boolean promptLogprobs(Fields body) {
        Optional<JsonNode> value = body.any("prompt_logprobs");
        if (value.isEmpty() || value.get().isBoolean()) {
            return value.map(JsonNode::booleanValue).orElse(false);
        }
        if (!Fields.isInteger(value.get())
                || value.get().intValue() < 0
                || value.get().intValue() > 1) {
            throw body.refused("prompt_logprobs", "must be true, false, 0 or 1");
        }
        return value.get().intValue() == 1;
    }

    private static Sampling sampling(Fields body, FieldNames names) {
        Sampling.Builder sampling = Sampling.newBuilder();
        body.decimal("temperature").ifPresent(sampling::setTemperature);
        body.decimal("top_p").ifPresent(sampling::setTopP);
        // vLLM's -1 is the contract's 0: all tokens.
        body.integer("top_k").ifPresent(k -> sampling.setTopK(k == -1 ? 0 : k));
        body.decimal("min_p").ifPresent(sampling::setMinP);
        body.decimal("presence_penalty").ifPresent(sampling::setPresencePenalty);
        body.decimal("frequency_penalty").ifPresent(sampling::setFrequencyPenalty);
        String repetition = body.has("repeat_penalty") ? "repeat_penalty" : "repetition_penalty";
        names.put("options.sampling.repeat_penalty", repetition);
        body.decimal(repetition).ifPresent(sampling::setRepeatPenalty);
        // OpenAI's seeds have 64 bits, the contract's 32; a seed of 32 bits is unchanged.
        body.longInteger("seed").ifPresent(seed -> sampling.setSeed(Long.hashCode(seed)));
        body.tree("logit_bias").ifPresent(biases -> {
            for (Map.Entry<String, JsonNode> bias : biases.properties()) {
                sampling.putLogitBias(token(body, bias.getKey()), bias(body, bias));
            }
        });
        return sampling.build();
    }

    private static int token(Fields body, String key) {
        try {
            return Integer.parseInt(key);
        } catch (NumberFormatException e) {
            throw body.refused("logit_bias[" + key + "]", "must be a token's id");
        }
    }

    private static float bias(Fields body, Map.Entry<String, JsonNode> bias) {
        return Optional.of(bias.getValue())
                .filter(JsonNode::isNumber)
                .orElseThrow(() -> body.refused("logit_bias[" + bias.getKey() + "]", "must be a number"))
                .floatValue();
    }

    private static AdapterUse adapter(Fields fields) {
        AdapterUse.Builder adapter = AdapterUse.newBuilder().setName(fields.required("name", fields.text("name")));
        fields.decimal("scale").ifPresent(adapter::setScale);
        fields.end();
        return adapter.build();
    }

    private static Duration duration(double seconds) {
        return Duration.newBuilder()
                .setSeconds((long) seconds)
                .setNanos((int) (seconds % 1 * NANOSECONDS))
                .build();
    }
}
