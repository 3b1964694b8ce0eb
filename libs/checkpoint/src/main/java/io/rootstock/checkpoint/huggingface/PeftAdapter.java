package io.rootstock.checkpoint.huggingface;

import io.rootstock.checkpoint.InvalidCheckpointException;
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
        PeftFiles.write(directory, this, baseModel);
    }

    /**
     * Reads the settings of an adapter, without its tensors.
     *
     * @throws InvalidCheckpointException if the file is not an adapter configuration, or its type is not supported
     */
    public static PeftAdapter readSettings(Path configFile) throws IOException {
        return PeftFiles.settings(configFile);
    }

    /**
     * Reads an adapter; its tensors are copies.
     *
     * @throws InvalidCheckpointException if the adapter is damaged, or its type is not supported
     */
    public static PeftAdapter read(Path directory) throws IOException {
        return PeftFiles.read(directory);
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
