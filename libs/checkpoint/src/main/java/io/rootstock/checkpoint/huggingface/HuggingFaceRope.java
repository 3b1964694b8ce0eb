package io.rootstock.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.RopeScaling;
import java.nio.file.Path;

/** Rotary frequencies in {@code config.json}: {@code rope_theta} and {@code rope_scaling}, or the newer {@code rope_parameters}. */
final class HuggingFaceRope {
    private HuggingFaceRope() {}

    static double theta(Path file, JsonNode json) {
        JsonNode newer = json.path("rope_parameters").path("rope_theta");
        JsonNode theta = newer.isNumber() ? newer : json.path("rope_theta");
        if (theta.isMissingNode() || theta.isNull()) {
            return 10_000;
        }
        return number(file, theta, "rope_theta");
    }

    static RopeScaling scaling(Path file, JsonNode json) {
        String key = json.hasNonNull("rope_scaling") ? "rope_scaling" : "rope_parameters";
        JsonNode scaling = json.path(key);
        String older = scaling.path("type").asText("default");
        String type = scaling.path("rope_type").asText(older);
        return switch (type) {
            case "default" -> RopeScaling.NONE;
            case "linear" -> new RopeScaling.Linear(number(file, scaling.path("factor"), key + ".factor"));
            case "llama3" ->
                new RopeScaling.Llama3(
                        number(file, scaling.path("factor"), key + ".factor"),
                        number(file, scaling.path("low_freq_factor"), key + ".low_freq_factor"),
                        number(file, scaling.path("high_freq_factor"), key + ".high_freq_factor"),
                        (int) number(
                                file,
                                scaling.path("original_max_position_embeddings"),
                                key + ".original_max_position_embeddings"));
            default ->
                throw new InvalidCheckpointException(file + " states the " + key + " of rope_type '" + type
                        + "'; default, linear and llama3 are supported");
        };
    }

    static JsonNode toJson(RopeScaling scaling) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        return switch (scaling) {
            case RopeScaling.None _ -> NullNode.getInstance();
            case RopeScaling.Linear linear -> json.put("rope_type", "linear").put("factor", linear.factor());
            case RopeScaling.Llama3 llama ->
                json.put("rope_type", "llama3")
                        .put("factor", llama.factor())
                        .put("low_freq_factor", llama.lowFrequencyFactor())
                        .put("high_freq_factor", llama.highFrequencyFactor())
                        .put("original_max_position_embeddings", llama.originalContext());
        };
    }

    private static double number(Path file, JsonNode node, String key) {
        if (!node.isNumber()) {
            throw new InvalidCheckpointException(file + " has no number " + key);
        }
        return node.doubleValue();
    }
}
