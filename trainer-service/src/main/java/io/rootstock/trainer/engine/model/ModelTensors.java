package io.rootstock.trainer.engine;

import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The model's tensors as views of flat buffers: its weights, or one replica's gradients, in which null stands for what is
 * frozen.
 *
 * @param embedding one row per token of the vocabulary [V,D]
 * @param layers the decoder layers' tensors
 * @param finalGain gain of the last norm [D]
 * @param head output projection [V,D], or the classifier's [C,D]
 */
record ModelTensors(Matrix embedding, List<Layer> layers, Tensor finalGain, Matrix head) implements AutoCloseable {
    /**
     * Gains of the norms of each head, the same for all heads of a layer; null where their gradient is not wanted.
     *
     * @param queries [d]
     * @param keys [d]
     */
    record HeadGains(Tensor queries, Tensor keys) {}

    /**
     * One layer's tensors.
     *
     * @param attentionGain gain of the norm before attention [D]
     * @param queryKeyValue projections of queries, keys and values [(H+2K)d,D]
     * @param headGains norms of the heads of queries and keys; null where the family has none
     * @param output projection of the heads' output [D,Hd]
     * @param feedForwardGain gain of the norm before the feed-forward part [D]
     * @param gateUp SwiGLU's two projections [2F,D]
     * @param down projection back [D,F]
     */
    record Layer(
            Tensor attentionGain,
            Projection queryKeyValue,
            HeadGains headGains,
            Projection output,
            Tensor feedForwardGain,
            Projection gateUp,
            Projection down) {
        /** Whether any of it is there. */
        boolean any() {
            return attentionGain != null
                    || Stream.of(queryKeyValue, output, gateUp, down).anyMatch(Projection::any);
        }
    }

    /** The first layer of which something is there, 0 if the embedding is; the number of layers if none is. */
    int firstLayer() {
        int first = 0;
        while (embedding == null && first < layers.size() && !layers.get(first).any()) {
            first++;
        }
        return first;
    }

    /** Gives the views back; the buffers live on. */
    @Override
    public void close() {
        Stream.of(embedding, head).filter(Objects::nonNull).forEach(Matrix::close);
        if (finalGain != null) {
            finalGain.close();
        }
        for (Layer layer : layers) {
            Stream.of(layer.attentionGain(), layer.feedForwardGain())
                    .filter(Objects::nonNull)
                    .forEach(Tensor::close);
            if (layer.headGains() != null) {
                Stream.of(layer.headGains().queries(), layer.headGains().keys())
                        .filter(Objects::nonNull)
                        .forEach(Tensor::close);
            }
            Stream.of(layer.queryKeyValue(), layer.output(), layer.gateUp(), layer.down())
                    .forEach(Projection::close);
        }
    }

    /**
     * Buffers of one layout.
     *
     * @param layout where each parameter lies
     * @param full buffer which embedding rows and gains are read from
     * @param products buffer whose matrices enter matrix products; may be the same
     */
    record Buffers(ParameterLayout layout, Tensor full, Tensor products) {}

    /** Views of whatever the buffers have. */
    static ModelTensors of(ModelShape shape, Tuning tuning, List<Buffers> buffers) {
        return of(shape, tuning, buffers, Optional.empty());
    }

    /** Views of whatever the buffers have, and the base's matrices where those are quantized. */
    static ModelTensors of(
            ModelShape shape, Tuning tuning, List<Buffers> buffers, Optional<QuantizedWeights> quantized) {
        return new Views(shape, tuning, buffers, quantized).all();
    }

    /** Finds the views. */
    private record Views(ModelShape shape, Tuning tuning, List<Buffers> buffers, Optional<QuantizedWeights> quantized) {
        ModelTensors all() {
            List<Layer> layers = new ArrayList<>();
            for (int layer = 0; layer < shape.layers(); layer++) {
                List<Projection> projections = new ArrayList<>();
                for (List<AdapterTarget> group : ParameterLayout.GROUPS) {
                    projections.add(projection(layer, group));
                }
                layers.add(new Layer(
                        gain(ParameterLayout.name(layer, "input_layernorm")),
                        projections.get(0),
                        headGains(layer),
                        projections.get(1),
                        gain(ParameterLayout.name(layer, "post_attention_layernorm")),
                        projections.get(2),
                        projections.get(3)));
            }
            String embedding = "model.embed_tokens.weight";
            return new ModelTensors(
                    matrix(List.of(embedding), false, shape.vocabularySize(), shape.dimension()),
                    List.copyOf(layers),
                    gain("model.norm.weight"),
                    shape.classifier()
                            ? matrix(List.of("score.weight"), true, shape.classes(), shape.dimension())
                            : matrix(
                                    List.of(shape.tiedEmbeddings() ? embedding : "lm_head.weight"),
                                    true,
                                    shape.vocabularySize(),
                                    shape.dimension()));
        }

        private Projection projection(int layer, List<AdapterTarget> group) {
            long rows =
                    group.stream().mapToLong(target -> target.outputs(shape)).sum();
            AdapterTarget first = group.getFirst();
            List<String> names = group.stream()
                    .map(target -> ParameterLayout.name(layer, target.part()))
                    .toList();
            Matrix weight = matrix(names, true, rows, first.inputs(shape));
            return new Projection(
                    weight,
                    view(ParameterLayout.biasName(layer, first), true, rows),
                    tuning instanceof Tuning.LowRank lowRank ? adapter(layer, group, lowRank) : null);
        }

        private HeadGains headGains(int layer) {
            return shape.headForm().norms()
                    ? new HeadGains(
                            view(ParameterLayout.name(layer, "self_attn.q_norm"), false, shape.headDimension()),
                            view(ParameterLayout.name(layer, "self_attn.k_norm"), false, shape.headDimension()))
                    : null;
        }

        private Projection.Adapter adapter(int layer, List<AdapterTarget> group, Tuning.LowRank lowRank) {
            List<Projection.Block> blocks = new ArrayList<>();
            AdapterTarget first = null;
            int from = 0;
            for (AdapterTarget target : group) {
                if (lowRank.targets().contains(target)) {
                    first = first == null ? target : first;
                    String name = ParameterLayout.adapterName(layer, target, 'B');
                    Tensor b = view(name, true, target.outputs(shape), lowRank.rank());
                    blocks.add(new Projection.Block(from, target.outputs(shape), b));
                }
                from += target.outputs(shape);
            }
            if (first == null) {
                return null;
            }
            String name = ParameterLayout.adapterName(layer, first, 'A');
            Tensor a = view(name, true, (long) blocks.size() * lowRank.rank(), first.inputs(shape));
            Tensor scale = Tensor.scalar(buffers.getFirst().full().dtype(), lowRank.scale());
            return new Projection.Adapter(a, List.copyOf(blocks), scale);
        }

        /** Matrices that are neighbours in a buffer, or stacked from the quantized base. */
        private Matrix matrix(List<String> names, boolean product, long rows, long columns) {
            Tensor dense = view(names.getFirst(), product, rows, columns);
            if (dense != null) {
                return new Matrix.Dense(dense);
            }
            return quantized
                    .map(weights -> new Matrix.Quantized(
                            names.stream().map(weights.matrices()::get).toList()))
                    .orElse(null);
        }

        private Tensor gain(String name) {
            return view(name, false, shape.dimension());
        }

        private Tensor view(String name, boolean product, long... sizes) {
            for (Buffers some : buffers) {
                ParameterLayout.Place place = some.layout().place(name);
                if (place != null) {
                    return (product ? some.products() : some.full()).slice(place.offset(), sizes);
                }
            }
            return null;
        }
    }
}
