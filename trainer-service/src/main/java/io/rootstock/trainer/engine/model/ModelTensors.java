package io.rootstock.trainer.engine.model;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The model's tensors as views of flat buffers: the weights, or the gradients of one replica, where frozen parameters are
 * null.
 *
 * @param embedding embedding matrix [V,D]
 * @param layers tensors of the decoder layers
 * @param finalGain gain of the final norm [D]
 * @param head output projection [V,D], or the classifier's [C,D]
 */
public record ModelTensors(Matrix embedding, List<Layer> layers, Tensor finalGain, Matrix head)
        implements AutoCloseable {
    /**
     * Gains of the head norms, shared by all heads of a layer. In gradients, frozen gains are null.
     *
     * @param queries gain of the query heads [d]
     * @param keys gain of the key heads [d]
     */
    public record HeadGains(Tensor queries, Tensor keys) {}

    /**
     * Tensors of one layer.
     *
     * @param attentionGain gain of the norm before attention [D]
     * @param queryKeyValue fused projection of queries, keys and values [(H+2K)d,D]
     * @param headGains gains of the query and key head norms; null without head norms
     * @param output output projection of attention [D,Hd]
     * @param feedForwardGain gain of the norm before the feed-forward layer [D]
     * @param gateUp fused gate and up projections [2F,D]
     * @param down down projection [D,F]
     */
    public record Layer(
            Tensor attentionGain,
            Projection queryKeyValue,
            HeadGains headGains,
            Projection output,
            Tensor feedForwardGain,
            Projection gateUp,
            Projection down) {
        /** Whether any of the matrices or the attention gain is present. */
        boolean any() {
            return attentionGain != null
                    || Stream.of(queryKeyValue, output, gateUp, down).anyMatch(Projection::any);
        }
    }

    /** Whether the embedding is present; in gradients, whether it is trained. */
    public boolean hasEmbedding() {
        return embedding != null;
    }

    /** The first layer with a tensor; 0 if the embedding is present, the number of layers if no layer has one. */
    int firstLayer() {
        int first = 0;
        while (embedding == null && first < layers.size() && !layers.get(first).any()) {
            first++;
        }
        return first;
    }

    /** Closes the views; the buffers stay open. */
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
     * Flat buffers of one layout.
     *
     * @param layout positions of the parameters
     * @param master buffer of the embedding rows and gains, master type
     * @param compute buffer of the matrices that enter matrix products, compute type; may be the same tensor
     */
    public record Buffers(ParameterLayout layout, Tensor master, Tensor compute) {}

    /** Views of the parameters that the buffers hold. */
    public static ModelTensors of(ModelShape shape, Tuning tuning, List<Buffers> buffers) {
        return of(shape, tuning, buffers, Optional.empty());
    }

    /** Views of the parameters that the buffers hold; other matrices are those of the quantized base. */
    public static ModelTensors of(
            ModelShape shape, Tuning tuning, List<Buffers> buffers, Optional<QuantizedWeights> quantized) {
        return new Views(shape, tuning, buffers, quantized).all();
    }

    /** Builds the views. */
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
            return new ModelTensors(
                    matrix(List.of(LlamaTensors.EMBEDDING), false, shape.vocabularySize(), shape.dimension()),
                    List.copyOf(layers),
                    gain(LlamaTensors.NORM),
                    shape.classifier()
                            ? matrix(List.of(LlamaTensors.SCORE), true, shape.classes(), shape.dimension())
                            : matrix(
                                    List.of(shape.tiedEmbeddings() ? LlamaTensors.EMBEDDING : LlamaTensors.HEAD),
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
            return shape.family().headNorms()
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
            Tensor scale = Tensor.scalar(buffers.getFirst().master().dtype(), lowRank.scale());
            return new Projection.Adapter(a, List.copyOf(blocks), scale);
        }

        /** Adjacent matrices of a buffer as one, or the stacked matrices of the quantized base. */
        private Matrix matrix(List<String> names, boolean compute, long rows, long columns) {
            Tensor dense = view(names.getFirst(), compute, rows, columns);
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

        private Tensor view(String name, boolean compute, long... sizes) {
            for (Buffers some : buffers) {
                ParameterLayout.Place place = some.layout().place(name);
                if (place != null) {
                    return (compute ? some.compute() : some.master()).slice(place.offset(), sizes);
                }
            }
            return null;
        }
    }
}
