package io.rootstock.checkpoint.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.Json;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Low-rank adapters of a Llama model in the format of Hugging Face's PEFT: {@code W + scale * B A} with A [r,in] and B
 * [out,r] for each target matrix of every layer.
 *
 * @param rank r
 * @param alpha scale times r, or times the square root of r
 * @param rankStabilized whether scale is alpha divided by the square root of the rank instead of the rank
 * @param targets PEFT's names of the matrices: {@code q_proj}, {@code k_proj}, {@code v_proj}, {@code o_proj},
 *     {@code gate_proj}, {@code up_proj}, {@code down_proj}
 * @param tensors A and B named as {@code model.layers.0.self_attn.q_proj.lora_A.weight}; for a classifier also
 *     {@code score.weight}, which is fully trained
 */
public record PeftAdapter(
        int rank, double alpha, boolean rankStabilized, List<String> targets, List<NamedTensor> tensors) {
    static final String CONFIG = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";

    /** Prefix that PEFT adds to a tensor's name. */
    private static final String PREFIX = "base_model.model.";

    /** Matrices that can have an adapter: PEFT's name to path inside a layer, in the order of the forward pass. */
    static final Map<String, String> PATHS = paths();

    public PeftAdapter {
        if (rank < 1 || !(alpha > 0) || !Double.isFinite(alpha)) {
            throw new IllegalArgumentException("an adapter has a rank of at least 1 and an alpha above 0");
        }
        if (targets.isEmpty()
                || !PATHS.keySet().containsAll(targets)
                || Set.copyOf(targets).size() != targets.size()) {
            throw new IllegalArgumentException(
                    "target modules must be some of " + PATHS.keySet() + ", were " + targets);
        }
        targets = PATHS.keySet().stream().filter(targets::contains).toList();
        tensors = List.copyOf(tensors);
    }

    /** Whether it has a classification head. */
    public boolean classifier() {
        return tensors.stream().anyMatch(tensor -> tensor.name().equals(LlamaTensors.SCORE));
    }

    /** Factor of B·A. */
    public double scale() {
        return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
    }

    /** Returns names and shapes of the tensors that an adapter of this model must have. */
    public Map<String, long[]> expected(ModelShape model) {
        Map<String, long[]> whole = LlamaTensors.expected(model);
        Map<String, long[]> expected = new LinkedHashMap<>();
        for (int layer = 0; layer < model.layers(); layer++) {
            for (String target : targets) {
                String matrix = "model.layers." + layer + "." + PATHS.get(target);
                long[] shape = whole.get(matrix + ".weight");
                expected.put(matrix + ".lora_A.weight", new long[] {rank, shape[1]});
                expected.put(matrix + ".lora_B.weight", new long[] {shape[0], rank});
            }
        }
        if (model.classifier()) {
            expected.put(LlamaTensors.SCORE, whole.get(LlamaTensors.SCORE));
        }
        return expected;
    }

    /**
     * Returns the tensors in order; each must exist and have its expected shape.
     *
     * @throws IllegalArgumentException naming the first missing or invalid tensor
     */
    public List<NamedTensor> inOrder(ModelShape model) {
        return new ArrayList<>(LlamaTensors.inOrder(expected(model), tensors).values());
    }

    /** Writes {@code adapter_config.json} and {@code adapter_model.safetensors} into an existing directory. */
    public void write(Path directory, String baseModel) throws IOException {
        List<NamedTensor> prefixed = new ArrayList<>();
        for (NamedTensor tensor : tensors) {
            prefixed.add(new NamedTensor(PREFIX + tensor.name(), tensor.shape(), tensor.float32()));
        }
        Safetensors.write(directory.resolve(WEIGHTS), prefixed, Map.of("format", "pt"));
        Json.write(directory.resolve(CONFIG), config(baseModel));
    }

    /**
     * Reads the settings of an adapter, without its tensors.
     *
     * @throws InvalidCheckpointException if the file is not an adapter configuration, or its type is not supported
     */
    public static PeftAdapter readSettings(Path configFile) throws IOException {
        JsonNode json = Json.readObject(configFile);
        require(json.path("peft_type").asText().equals("LORA"), "peft_type", "LORA");
        require(!json.path("use_dora").asBoolean(), "use_dora", "false");
        require(!json.path("fan_in_fan_out").asBoolean(), "fan_in_fan_out", "false");
        require(json.path("bias").asText("none").equals("none"), "bias", "none");
        for (String pattern : List.of("rank_pattern", "alpha_pattern")) {
            require(json.path(pattern).isEmpty(), pattern, "empty: every matrix has the same rank and alpha");
        }
        require(isAbsent(json.path("layers_to_transform")), "layers_to_transform", "null: every layer is adapted");
        for (JsonNode module : json.path("modules_to_save")) {
            require(module.asText().equals("score"), "modules_to_save", "null or [score]");
        }
        JsonNode modules = json.path("target_modules");
        require(modules.isArray(), "target_modules", "a list of " + PATHS.keySet());
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

    /**
     * Reads an adapter; its tensors are copies.
     *
     * @throws InvalidCheckpointException if the adapter is damaged, or its type is not supported
     */
    public static PeftAdapter read(Path directory) throws IOException {
        PeftAdapter settings = readSettings(directory.resolve(CONFIG));
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

    private ObjectNode config(String baseModel) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("peft_type", "LORA");
        json.put("task_type", classifier() ? "SEQ_CLS" : "CAUSAL_LM");
        json.put("base_model_name_or_path", baseModel);
        json.put("r", rank);
        if (alpha == Math.rint(alpha)) {
            json.put("lora_alpha", (long) alpha);
        } else {
            json.put("lora_alpha", alpha);
        }
        json.put("lora_dropout", 0.0);
        json.put("use_rslora", rankStabilized);
        json.put("use_dora", false);
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("inference_mode", true);
        json.put("init_lora_weights", true);
        ArrayNode modules = json.putArray("target_modules");
        targets.forEach(modules::add);
        if (classifier()) {
            json.putArray("modules_to_save").add("score");
        } else {
            json.putNull("modules_to_save");
        }
        json.putNull("layers_to_transform");
        json.putObject("rank_pattern");
        json.putObject("alpha_pattern");
        return json;
    }

    private static boolean isAbsent(JsonNode node) {
        return node.isMissingNode() || node.isNull();
    }

    private static void require(boolean accepted, String field, String wanted) {
        if (!accepted) {
            throw new InvalidCheckpointException(CONFIG + ": " + field + " must be " + wanted);
        }
    }

    private static Map<String, String> paths() {
        Map<String, String> paths = new LinkedHashMap<>();
        for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
            paths.put(name, "self_attn." + name);
        }
        for (String name : List.of("gate_proj", "up_proj", "down_proj")) {
            paths.put(name, "mlp." + name);
        }
        return Collections.unmodifiableMap(paths);
    }
}
