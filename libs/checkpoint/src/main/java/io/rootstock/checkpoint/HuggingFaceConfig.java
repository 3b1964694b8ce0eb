package io.rootstock.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code config.json} of {@code LlamaForCausalLM} and {@code LlamaForSequenceClassification}. */
record HuggingFaceConfig(LlamaConfig model, List<String> labels) {
    private static final String LANGUAGE_MODEL = "LlamaForCausalLM";
    private static final String CLASSIFIER = "LlamaForSequenceClassification";

    ObjectNode toJson(int padId) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.putArray("architectures").add(labels.isEmpty() ? LANGUAGE_MODEL : CLASSIFIER);
        json.put("attention_bias", false);
        json.put("attention_dropout", 0.0);
        json.put("bos_token_id", model.bosId());
        json.put("eos_token_id", model.eosId());
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
            // The classifier reads the last token that is not this one.
            json.put("pad_token_id", padId);
        }
        json.put("initializer_range", 0.02);
        json.put("intermediate_size", model.feedForward());
        json.put("max_position_embeddings", model.contextLength());
        json.put("mlp_bias", false);
        json.put("model_type", "llama");
        json.put("num_attention_heads", model.heads());
        json.put("num_hidden_layers", model.layers());
        json.put("num_key_value_heads", model.keyValueHeads());
        json.put("rms_norm_eps", model.normEpsilon());
        json.putNull("rope_scaling");
        json.put("rope_theta", model.ropeTheta());
        json.put("tie_word_embeddings", model.tiedEmbeddings());
        json.put("torch_dtype", "float32");
        json.put("use_cache", true);
        json.put("vocab_size", model.vocabularySize());
        return json;
    }

    static HuggingFaceConfig read(Path file) throws IOException {
        JsonNode json = Json.readObject(file);
        String architecture = json.path("architectures").path(0).asText();
        require(
                architecture.equals(LANGUAGE_MODEL) || architecture.equals(CLASSIFIER),
                file,
                "states the architecture '" + architecture + "'; " + LANGUAGE_MODEL + " and " + CLASSIFIER
                        + " are read");
        refuse(file, json, "attention_bias");
        refuse(file, json, "mlp_bias");
        require(json.path("hidden_act").asText("silu").equals("silu"), file, "states a hidden_act other than silu");
        JsonNode rope = json.path("rope_parameters");
        String kind = rope.path("rope_type").asText("default");
        require(
                !json.hasNonNull("rope_scaling") && kind.equals("default"),
                file,
                "scales its rotary embedding, which is not supported");
        int heads = integer(file, json, "num_attention_heads");
        int dimension = integer(file, json, "hidden_size");
        try {
            LlamaConfig model = new LlamaConfig(
                    integer(file, json, "vocab_size"),
                    dimension,
                    integer(file, json, "num_hidden_layers"),
                    heads,
                    json.hasNonNull("num_key_value_heads") ? integer(file, json, "num_key_value_heads") : heads,
                    json.hasNonNull("head_dim") ? integer(file, json, "head_dim") : dimension / Math.max(heads, 1),
                    integer(file, json, "intermediate_size"),
                    integer(file, json, "max_position_embeddings"),
                    number(file, json, "rms_norm_eps"),
                    rope.hasNonNull("rope_theta")
                            ? number(file, rope, "rope_theta")
                            : json.path("rope_theta").asDouble(10_000),
                    json.path("tie_word_embeddings").asBoolean(false),
                    integer(file, json, "bos_token_id"),
                    integer(file, json, "eos_token_id"));
            return new HuggingFaceConfig(model, architecture.equals(CLASSIFIER) ? labels(file, json) : List.of());
        } catch (IllegalArgumentException e) {
            throw new InvalidCheckpointException(file + " states an impossible shape: " + e.getMessage(), e);
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

    private static void refuse(Path file, JsonNode json, String key) {
        require(!json.path(key).asBoolean(false), file, "states " + key + ", which is not supported");
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
