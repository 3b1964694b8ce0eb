package io.rootstock.trainer.engine;

import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The model's tensors as views of flat buffers: its weights, or one replica's gradients.
 *
 * @param embedding one row per token of the vocabulary [V,D]
 * @param layers the decoder layers' tensors
 * @param finalGain gain of the last norm [D]
 * @param head output projection [V,D], or the classifier's [C,D]
 */
record ModelTensors(Tensor embedding, List<Layer> layers, Tensor finalGain, Tensor head) implements AutoCloseable {
    /**
     * One layer's tensors.
     *
     * @param attentionGain gain of the norm before attention [D]
     * @param queryKeyValue projections of queries, keys and values [(H+2K)d,D]
     * @param output projection of the heads' output [D,D]
     * @param feedForwardGain gain of the norm before the feed-forward part [D]
     * @param gateUp SwiGLU's two projections [2F,D]
     * @param down projection back [D,F]
     */
    record Layer(
            Tensor attentionGain,
            Tensor queryKeyValue,
            Tensor output,
            Tensor feedForwardGain,
            Tensor gateUp,
            Tensor down) {}

    /**
     * Views.
     *
     * @param full buffer with every parameter, which embedding rows and gains are read from
     * @param products buffer with the same layout whose matrices enter matrix products; may be the same buffer
     */
    static ModelTensors of(ModelShape shape, ParameterLayout layout, Tensor full, Tensor products) {
        long dimension = shape.dimension();
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < shape.layers(); layer++) {
            layers.add(new Layer(
                    view(layout, full, ParameterLayout.name(layer, "input_layernorm"), dimension),
                    view(
                            layout,
                            products,
                            ParameterLayout.name(layer, "self_attn.q_proj"),
                            (shape.heads() + 2L * shape.keyValueHeads()) * shape.headDimension(),
                            dimension),
                    view(layout, products, ParameterLayout.name(layer, "self_attn.o_proj"), dimension, dimension),
                    view(layout, full, ParameterLayout.name(layer, "post_attention_layernorm"), dimension),
                    view(
                            layout,
                            products,
                            ParameterLayout.name(layer, "mlp.gate_proj"),
                            2L * shape.feedForward(),
                            dimension),
                    view(
                            layout,
                            products,
                            ParameterLayout.name(layer, "mlp.down_proj"),
                            dimension,
                            shape.feedForward())));
        }
        return new ModelTensors(
                view(layout, full, "model.embed_tokens.weight", shape.vocabularySize(), dimension),
                List.copyOf(layers),
                view(layout, full, "model.norm.weight", dimension),
                head(shape, layout, products));
    }

    private static Tensor head(ModelShape shape, ParameterLayout layout, Tensor products) {
        if (shape.classifier()) {
            return view(layout, products, "score.weight", shape.classes(), shape.dimension());
        }
        String name = shape.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight";
        return view(layout, products, name, shape.vocabularySize(), shape.dimension());
    }

    private static Tensor view(ParameterLayout layout, Tensor flat, String name, long... sizes) {
        return flat.slice(layout.place(name).offset(), sizes);
    }

    /** Gives the views back; the buffers live on. */
    @Override
    public void close() {
        embedding.close();
        finalGain.close();
        head.close();
        for (Layer layer : layers) {
            layer.attentionGain().close();
            layer.queryKeyValue().close();
            layer.output().close();
            layer.feedForwardGain().close();
            layer.gateUp().close();
            layer.down().close();
        }
    }
}
