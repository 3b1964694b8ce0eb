package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.LlamaTensors;
import java.util.Map;

/** Tensor names of a Llama model in Hugging Face's and GGUF's format. */
final class GgufNames {
    /** Divisors of the rotary frequencies, [hd/2]. */
    static final String ROPE_FACTORS = "rope_freqs.weight";

    private static final Map<String, String> OUTSIDE = Map.of(
            LlamaTensors.EMBEDDING, "token_embd.weight",
            LlamaTensors.NORM, "output_norm.weight",
            LlamaTensors.HEAD, "output.weight");

    private static final Map<String, String> IN_A_LAYER = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"));

    private static final String LAYERS = "model.layers.";

    private GgufNames() {}

    /** {@code model.layers.3.mlp.up_proj.weight} is {@code blk.3.ffn_up.weight}. */
    static String of(String huggingFace) {
        if (!huggingFace.startsWith(LAYERS)) {
            return OUTSIDE.get(huggingFace);
        }
        int dot = huggingFace.indexOf('.', LAYERS.length());
        String layer = huggingFace.substring(LAYERS.length(), dot);
        int end = huggingFace.lastIndexOf('.');
        return "blk." + layer + "." + IN_A_LAYER.get(huggingFace.substring(dot + 1, end)) + huggingFace.substring(end);
    }
}
