package io.rootstock.trainer.engine.model;

import io.rootstock.checkpoint.ModelShape;

/** Matrices of a layer that can have a low-rank adapter (LoRA). */
public enum AdapterTarget {
    /** Query projection [Hd,D]. */
    QUERY("self_attn.q_proj"),
    /** Key projection [Kd,D]. */
    KEY("self_attn.k_proj"),
    /** Value projection [Kd,D]. */
    VALUE("self_attn.v_proj"),
    /** Output projection of attention [D,Hd]. */
    OUTPUT("self_attn.o_proj"),
    /** Gate projection of SwiGLU [F,D]. */
    GATE("mlp.gate_proj"),
    /** Up projection of SwiGLU [F,D]. */
    UP("mlp.up_proj"),
    /** Down projection of SwiGLU [D,F]. */
    DOWN("mlp.down_proj");

    private final String part;

    AdapterTarget(String part) {
        this.part = part;
    }

    /** Hugging Face module path inside a layer, such as {@code self_attn.q_proj}. */
    public String part() {
        return part;
    }

    /** PEFT's {@code target_modules} name: the last component of the path, such as {@code q_proj}. */
    public String module() {
        return part.substring(part.indexOf('.') + 1);
    }

    /** Rows of the matrix, its output features. */
    public int outputs(ModelShape shape) {
        return switch (this) {
            case QUERY -> shape.headsWidth();
            case OUTPUT, DOWN -> shape.dimension();
            case KEY, VALUE -> shape.keyValueWidth();
            case GATE, UP -> shape.feedForward();
        };
    }

    /** Columns of the matrix, its input features. */
    public int inputs(ModelShape shape) {
        return switch (this) {
            case QUERY, KEY, VALUE, GATE, UP -> shape.dimension();
            case OUTPUT -> shape.headsWidth();
            case DOWN -> shape.feedForward();
        };
    }
}
