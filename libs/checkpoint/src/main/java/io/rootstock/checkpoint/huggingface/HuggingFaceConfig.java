package io.rootstock.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelFamily;
import io.rootstock.checkpoint.ModelShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** {@code config.json} of language models and classifiers of each {@link ModelFamily}. */
record HuggingFaceConfig(ModelConfig config, List<String> labels) {
    private static final String FAMILIES = "llama (Llama, SmolLM), mistral, qwen2 (Qwen2, Qwen2.5) and qwen3 are read";

    ObjectNode toJson(int padId) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        ModelShape model = config.shape();
        ModelFamily family = model.family();
        json.putArray("architectures").add(labels.isEmpty() ? family.languageModel() : family.classifier());
        json.put("attention_bias", family.biases());
        json.put("attention_dropout", 0.0);
        config.bosId().ifPresentOrElse(id -> json.put("bos_token_id", id), () -> json.putNull("bos_token_id"));
        putIds(json, "eos_token_id", config.eosIds());
        json.put("head_dim", model.headDimension());
        json.put("hidden_act", "silu");
        json.put("hidden_size", model.dimension());
        if (!labels.isEmpty()) {
            ObjectNode names = json.putObject("id2label");
            ObjectNode ids = json.putObject("label2id");
            for (int i = 0; i < labels.size(); i++) {
                names.put(Integer.toString(i), labels.get(i));
                ids.put(labels.get(i), i);
            }
            // The classifier reads the last token other than this one.
            json.put("pad_token_id", padId);
        }
        json.put("initializer_range", 0.02);
        json.put("intermediate_size", model.feedForward());
        json.put("max_position_embeddings", model.contextLength());
        json.put("mlp_bias", false);
        json.put("model_type", family.modelType());
        json.put("num_attention_heads", model.heads());
        json.put("num_hidden_layers", model.layers());
        json.put("num_key_value_heads", model.keyValueHeads());
        json.put("rms_norm_eps", model.normEpsilon());
        json.set("rope_scaling", HuggingFaceRope.toJson(model.ropeScaling()));
        json.put("rope_theta", model.ropeTheta());
        json.putNull("sliding_window");
        json.put("tie_word_embeddings", model.tiedEmbeddings());
        json.put("torch_dtype", "float32");
        json.put("use_cache", true);
        json.put("vocab_size", model.vocabularySize());
        return json;
    }

    static HuggingFaceConfig read(Path file) throws IOException {
        JsonNode json = Json.readObject(file);
        String type = json.path("model_type").asText();
        ModelFamily family = ModelFamily.ofModelType(type)
                .orElseThrow(() ->
                        new InvalidCheckpointException(file + " states the model_type '" + type + "'; " + FAMILIES));
        String architecture = json.path("architectures").path(0).asText();
        require(
                architecture.equals(family.languageModel()) || architecture.equals(family.classifier()),
                file,
                "states the architecture '" + architecture + "'; of model_type " + type + " " + family.languageModel()
                        + " and " + family.classifier() + " are read");
        refuseOtherComputations(file, json, family);
        int heads = integer(file, json, "num_attention_heads");
        int dimension = integer(file, json, "hidden_size");
        int context = integer(file, json, "max_position_embeddings");
        refuseSlidingWindow(file, json, context);
        try {
            List<String> labels = architecture.equals(family.classifier()) ? labels(file, json) : List.of();
            ModelShape model = new ModelShape(
                    integer(file, json, "vocab_size"),
                    dimension,
                    integer(file, json, "num_hidden_layers"),
                    heads,
                    json.hasNonNull("num_key_value_heads") ? integer(file, json, "num_key_value_heads") : heads,
                    json.hasNonNull("head_dim") ? integer(file, json, "head_dim") : dimension / Math.max(heads, 1),
                    integer(file, json, "intermediate_size"),
                    context,
                    number(file, json, "rms_norm_eps"),
                    HuggingFaceRope.theta(file, json),
                    json.path("tie_word_embeddings").asBoolean(false),
                    labels.size(),
                    family,
                    HuggingFaceRope.scaling(file, json));
            OptionalInt bosId = json.hasNonNull("bos_token_id")
                    ? OptionalInt.of(tokenIds(file, json, "bos_token_id").getFirst())
                    : OptionalInt.empty();
            return new HuggingFaceConfig(new ModelConfig(model, bosId, tokenIds(file, json, "eos_token_id")), labels);
        } catch (IllegalArgumentException e) {
            throw new InvalidCheckpointException(file + " states an impossible shape: " + e.getMessage(), e);
        }
    }

    private static void refuseOtherComputations(Path file, JsonNode json, ModelFamily family) {
        if (!family.biases()) {
            require(
                    !json.path("attention_bias").asBoolean(false),
                    file,
                    "states attention_bias, which is not supported for " + family.modelType()
                            + ": only qwen2 has biases, of queries, keys and values");
        }
        require(!json.path("mlp_bias").asBoolean(false), file, "states mlp_bias, which is not supported");
        String activation = json.path("hidden_act").asText("silu");
        require(
                activation.equals("silu"),
                file,
                "states the hidden_act '" + activation + "'; silu is the only one supported");
        require(
                json.path("partial_rotary_factor").asDouble(1) == 1,
                file,
                "states a partial_rotary_factor; whole heads are turned, so it must be 1 or missing");
        require(
                !json.hasNonNull("quantization_config"),
                file,
                "states a quantization_config; weights must be F32, F16 or BF16");
    }

    /** A window at least as wide as the context has no effect. */
    private static void refuseSlidingWindow(Path file, JsonNode json, int context) {
        boolean used = json.path("use_sliding_window").asBoolean(true) && json.hasNonNull("sliding_window");
        require(
                !used || json.path("sliding_window").asInt() >= context,
                file,
                "states a sliding_window of " + json.path("sliding_window").asText() + " in a context of " + context
                        + ", which is not supported; lower max_position_embeddings to the window or less to use the model"
                        + " on texts of that length, for which it makes no difference");
        for (JsonNode kind : json.path("layer_types")) {
            require(
                    kind.asText().equals("full_attention") || !used,
                    file,
                    "states layer_types with '" + kind.asText() + "'; full_attention is the only one supported");
        }
    }

    /** Parses one id, or the list of end tokens of instruction models. */
    private static List<Integer> tokenIds(Path file, JsonNode json, String key) {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode id : json.path(key).isArray() ? json.path(key) : List.of(json.path(key))) {
            require(id.isInt(), file, "has no token id " + key);
            ids.add(id.intValue());
        }
        require(!ids.isEmpty(), file, "has no token id " + key);
        return ids;
    }

    /** Writes one id as a number, several as a list. */
    static void putIds(ObjectNode json, String key, List<Integer> ids) {
        if (ids.size() == 1) {
            json.put(key, ids.getFirst());
        } else {
            ids.forEach(json.putArray(key)::add);
        }
    }

    private static List<String> labels(Path file, JsonNode json) {
        JsonNode names = json.path("id2label");
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String label = names.path(Integer.toString(i)).asText();
            require(!label.isEmpty(), file, "has no label " + i + " in id2label");
            labels.add(label);
        }
        require(!labels.isEmpty(), file, "has no id2label");
        return List.copyOf(labels);
    }

    private static int integer(Path file, JsonNode json, String key) {
        require(json.path(key).isInt(), file, "has no whole number " + key);
        return json.path(key).intValue();
    }

    private static double number(Path file, JsonNode json, String key) {
        require(json.path(key).isNumber(), file, "has no number " + key);
        return json.path(key).doubleValue();
    }

    private static void require(boolean condition, Path file, String otherwise) {
        if (!condition) {
            throw new InvalidCheckpointException(file + " " + otherwise);
        }
    }
}
