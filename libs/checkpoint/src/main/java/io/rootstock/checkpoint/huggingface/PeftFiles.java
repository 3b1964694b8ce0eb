package io.rootstock.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.NamedTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads and writes PEFT's two files; rejects settings that would give wrong results here. */
final class PeftFiles {
    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";

    /** Prefix that PEFT adds to a tensor's name. */
    private static final String PREFIX = "base_model.model.";

    private PeftFiles() {}

    static void write(Path directory, PeftAdapter adapter, String baseModel) throws IOException {
        List<NamedTensor> tensors = new ArrayList<>();
        for (NamedTensor tensor : adapter.tensors()) {
            tensors.add(new NamedTensor(PREFIX + tensor.name(), tensor.shape(), tensor.float32()));
        }
        Safetensors.write(directory.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
        Json.write(directory.resolve(CONFIG), config(adapter, baseModel));
    }

    private static ObjectNode config(PeftAdapter adapter, String baseModel) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("peft_type", "LORA");
        json.put("task_type", adapter.classifier() ? "SEQ_CLS" : "CAUSAL_LM");
        json.put("base_model_name_or_path", baseModel);
        json.put("r", adapter.rank());
        if (adapter.alpha() == Math.rint(adapter.alpha())) {
            json.put("lora_alpha", (long) adapter.alpha());
        } else {
            json.put("lora_alpha", adapter.alpha());
        }
        json.put("lora_dropout", 0.0);
        json.put("use_rslora", adapter.rankStabilized());
        json.put("use_dora", false);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        ArrayNode targets = json.putArray("target_modules");
        adapter.targets().forEach(targets::add);
        if (adapter.classifier()) {
            json.putArray("modules_to_save").add("score");
        } else {
            json.putNull("modules_to_save");
        }
        json.putNull("layers_to_transform");
        json.putObject("rank_pattern");
        json.putObject("alpha_pattern");
        return json;
    }

    static PeftAdapter read(Path directory) throws IOException {
        PeftAdapter settings = settings(directory.resolve(CONFIG));
        try (Safetensors file = Safetensors.open(directory.resolve(WEIGHTS))) {
            List<NamedTensor> tensors = new ArrayList<>();
            for (NamedTensor tensor : file.tensors()) {
                if (!tensor.name().startsWith(PREFIX)) {
                    throw new InvalidCheckpointException(
                            WEIGHTS + " has a tensor " + tensor.name() + "; PEFT's names begin with " + PREFIX);
                }
                tensors.add(NamedTensor.of(tensor.name().substring(PREFIX.length()), tensor.toArray(), tensor.shape()));
            }
            return new PeftAdapter(
                    settings.rank(), settings.alpha(), settings.rankStabilized(), settings.targets(), tensors);
        }
    }

    static PeftAdapter settings(Path configFile) throws IOException {
        JsonNode json = Json.readObject(configFile);
        require(json.path("peft_type").asText().equals("LORA"), "peft_type", "LORA");
        require(!json.path("use_dora").asBoolean(), "use_dora", "false");
        require(!json.path("fan_in_fan_out").asBoolean(), "fan_in_fan_out", "false");
        require(json.path("bias").asText("none").equals("none"), "bias", "none");
        for (String pattern : List.of("rank_pattern", "alpha_pattern")) {
            require(json.path(pattern).isEmpty(), pattern, "empty: every matrix has the same rank and alpha");
        }
        require(nothing(json.path("layers_to_transform")), "layers_to_transform", "null: every layer is adapted");
        for (JsonNode module : json.path("modules_to_save")) {
            require(module.asText().equals("score"), "modules_to_save", "null or [score]");
        }
        JsonNode modules = json.path("target_modules");
        require(modules.isArray(), "target_modules", "a list of " + PeftAdapter.PATHS.keySet());
        List<String> targets = new ArrayList<>();
        modules.forEach(module -> targets.add(module.asText()));
        try {
            return new PeftAdapter(
                    json.path("r").asInt(),
                    json.path("lora_alpha").asDouble(),
                    json.path("use_rslora").asBoolean(),
                    targets,
                    List.of());
        } catch (IllegalArgumentException e) {
            throw new InvalidCheckpointException(CONFIG + ": " + e.getMessage(), e);
        }
    }

    private static boolean nothing(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static void require(boolean accepted, String field, String wanted) {
        if (!accepted) {
            throw new InvalidCheckpointException(CONFIG + ": " + field + " must be " + wanted);
        }
    }
}
