package io.rootstock.trainer.engine;

/** The matrices of a layer that a low-rank adapter can be put beside. */
public enum AdapterTarget {
    /** Query projection [Hd,D]. */
    QUERY("self_attn.q_proj"),
    /** Key projection [Kd,D]. */
    KEY("self_attn.k_proj"),
    /** Value projection [Kd,D]. */
    VALUE("self_attn.v_proj"),
    /** Projection of the heads' output [D,Hd]. */
    OUTPUT("self_attn.o_proj"),
    /** SwiGLU's gate [F,D]. */
    GATE("mlp.gate_proj"),
    /** SwiGLU's other input [F,D]. */
    UP("mlp.up_proj"),
    /** Projection back into the stream [D,F]. */
    DOWN("mlp.down_proj");

    private final String part;

    AdapterTarget(String part) {
        this.part = part;
    }

    /** Its path inside a layer, in Hugging Face's words. */
    public String part() {
        return part;
    }

    /** The last part of its path, by which PEFT calls it, such as {@code q_proj}. */
    public String module() {
        return part.substring(part.indexOf('.') + 1);
    }

    /** Rows of the matrix. */
    public int outputs(ModelShape shape) {
        return switch (this) {
            case QUERY -> shape.headsWidth();
            case OUTPUT, DOWN -> shape.dimension();
            case KEY, VALUE -> shape.keyValueHeads() * shape.headDimension();
            case GATE, UP -> shape.feedForward();
        };
    }

    /** Columns of the matrix. */
    public int inputs(ModelShape shape) {
        return switch (this) {
            case QUERY, KEY, VALUE, GATE, UP -> shape.dimension();
            case OUTPUT -> shape.headsWidth();
            case DOWN -> shape.feedForward();
        };
    }
}
