package io.rootstock.checkpoint;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors of a Llama checkpoint, by Hugging Face name, in the order of the forward pass. */
public final class LlamaTensors {
    /** The token embedding, [V, D]. */
    public static final String EMBEDDING = "model.embed_tokens.weight";

    /** The final norm, [D]. */
    public static final String NORM = "model.norm.weight";

    /** The output projection of an untied language model, [V, D]. */
    public static final String HEAD = "lm_head.weight";

    /** The classification head, [C, D]. */
    public static final String SCORE = "score.weight";

    private LlamaTensors() {}

    /** Returns name to shape; the head of a classifier is {@value #SCORE}. */
    public static Map<String, long[]> expected(ModelShape model) {
        long d = model.dimension();
        long queries = (long) model.heads() * model.headDimension();
        long keys = (long) model.keyValueHeads() * model.headDimension();
        long f = model.feedForward();
        Map<String, long[]> tensors = new LinkedHashMap<>();
        tensors.put(EMBEDDING, new long[] {model.vocabularySize(), d});
        for (int i = 0; i < model.layers(); i++) {
            String layer = "model.layers." + i + ".";
            tensors.put(layer + "input_layernorm.weight", new long[] {d});
            tensors.put(layer + "self_attn.q_proj.weight", new long[] {queries, d});
            tensors.put(layer + "self_attn.k_proj.weight", new long[] {keys, d});
            tensors.put(layer + "self_attn.v_proj.weight", new long[] {keys, d});
            if (model.family().biases()) {
                tensors.put(layer + "self_attn.q_proj.bias", new long[] {queries});
                tensors.put(layer + "self_attn.k_proj.bias", new long[] {keys});
                tensors.put(layer + "self_attn.v_proj.bias", new long[] {keys});
            }
            if (model.family().headNorms()) {
                tensors.put(layer + "self_attn.q_norm.weight", new long[] {model.headDimension()});
                tensors.put(layer + "self_attn.k_norm.weight", new long[] {model.headDimension()});
            }
            tensors.put(layer + "self_attn.o_proj.weight", new long[] {d, queries});
            tensors.put(layer + "post_attention_layernorm.weight", new long[] {d});
            tensors.put(layer + "mlp.gate_proj.weight", new long[] {f, d});
            tensors.put(layer + "mlp.up_proj.weight", new long[] {f, d});
            tensors.put(layer + "mlp.down_proj.weight", new long[] {d, f});
        }
        tensors.put(NORM, new long[] {d});
        if (model.classifier()) {
            tensors.put(SCORE, new long[] {model.classes(), d});
        } else if (!model.tiedEmbeddings()) {
            tensors.put(HEAD, new long[] {model.vocabularySize(), d});
        }
        return tensors;
    }

    /**
     * Returns the tensors in order; each must exist exactly once and have its expected shape.
     *
     * @throws IllegalArgumentException naming the first tensor that is missing, unknown, duplicate or of another shape
     */
    public static Map<String, NamedTensor> inOrder(ModelShape model, List<NamedTensor> tensors) {
        return inOrder(expected(model), tensors);
    }

    /** Returns the tensors in the order of these names; each must exist exactly once. */
    public static <T extends Tensor> Map<String, T> inOrder(Map<String, long[]> expected, List<T> tensors) {
        Map<String, T> given = new LinkedHashMap<>();
        for (T tensor : tensors) {
            if (given.put(tensor.name(), tensor) != null) {
                throw new IllegalArgumentException("there are two tensors named " + tensor.name());
            }
        }
        Map<String, T> ordered = new LinkedHashMap<>();
        expected.forEach((name, shape) -> {
            T tensor = given.remove(name);
            if (tensor == null) {
                throw new IllegalArgumentException("tensor " + name + " is missing");
            }
            if (!Arrays.equals(tensor.shape(), shape)) {
                throw new IllegalArgumentException("tensor " + name + " has shape " + Arrays.toString(tensor.shape())
                        + " and must have " + Arrays.toString(shape));
            }
            ordered.put(name, tensor);
        });
        if (!given.isEmpty()) {
            throw new IllegalArgumentException(
                    "tensor " + given.keySet().iterator().next() + " belongs to no such model");
        }
        return ordered;
    }
}
