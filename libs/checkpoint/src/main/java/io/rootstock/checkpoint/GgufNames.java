package io.rootstock.checkpoint;

import java.util.Map;

/** The names of a Llama model's tensors: Hugging Face's and GGUF's. */
final class GgufNames {
    private static final Map<String, String> OUTSIDE = Map.of(
            LlamaTensors.EMBEDDING, "token_embd.weight",
            LlamaTensors.NORM, "output_norm.weight",
            LlamaTensors.HEAD, "output.weight");

    private static final Map<String, String> IN_A_LAYER = Map.of(
            "input_layernorm", "attn_norm",
            "self_attn.q_proj", "attn_q",
            "self_attn.k_proj", "attn_k",
            "self_attn.v_proj", "attn_v",
            "self_attn.o_proj", "attn_output",
            "post_attention_layernorm", "ffn_norm",
            "mlp.gate_proj", "ffn_gate",
            "mlp.up_proj", "ffn_up",
            "mlp.down_proj", "ffn_down");

    private static final String LAYERS = "model.layers.";
    private static final String WEIGHT = ".weight";

    private GgufNames() {}

    /** {@code model.layers.3.mlp.up_proj.weight} is {@code blk.3.ffn_up.weight}. */
    static String of(String huggingFace) {
        if (!huggingFace.startsWith(LAYERS)) {
            return OUTSIDE.get(huggingFace);
        }
        int dot = huggingFace.indexOf('.', LAYERS.length());
        String layer = huggingFace.substring(LAYERS.length(), dot);
        String part = huggingFace.substring(dot + 1, huggingFace.length() - WEIGHT.length());
        return "blk." + layer + "." + IN_A_LAYER.get(part) + WEIGHT;
    }
}
