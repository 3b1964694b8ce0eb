package io.rootstock.trainer.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each parameter lies in the flat buffers. Matrices come first, so that weight decay is one range; a layer's query,
 * key and value projections are neighbours, and its gate and up projections, so that each group is one matrix product.
 */
final class ParameterLayout {
    /**
     * A parameter's place.
     *
     * @param name Hugging Face name
     * @param shape its shape
     * @param offset index of its first value
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Place(String name, long[] shape, long offset) {
        long elements() {
            long count = 1;
            for (long size : shape) {
                count *= size;
            }
            return count;
        }
    }

    private final Map<String, Place> places = new LinkedHashMap<>();
    private final long matrixElements;
    private long elements;

    ParameterLayout(ModelShape shape) {
        long dimension = shape.dimension();
        long keyValue = (long) shape.keyValueHeads() * shape.headDimension();
        add("model.embed_tokens.weight", shape.vocabularySize(), dimension);
        for (int layer = 0; layer < shape.layers(); layer++) {
            add(name(layer, "self_attn.q_proj"), dimension, dimension);
            add(name(layer, "self_attn.k_proj"), keyValue, dimension);
            add(name(layer, "self_attn.v_proj"), keyValue, dimension);
            add(name(layer, "self_attn.o_proj"), dimension, dimension);
            add(name(layer, "mlp.gate_proj"), shape.feedForward(), dimension);
            add(name(layer, "mlp.up_proj"), shape.feedForward(), dimension);
            add(name(layer, "mlp.down_proj"), dimension, shape.feedForward());
        }
        if (shape.classifier()) {
            add("score.weight", shape.classes(), dimension);
        } else if (!shape.tiedEmbeddings()) {
            add("lm_head.weight", shape.vocabularySize(), dimension);
        }
        matrixElements = elements;
        for (int layer = 0; layer < shape.layers(); layer++) {
            add(name(layer, "input_layernorm"), dimension);
            add(name(layer, "post_attention_layernorm"), dimension);
        }
        add("model.norm.weight", dimension);
    }

    static String name(int layer, String part) {
        return "model.layers." + layer + "." + part + ".weight";
    }

    /** Every parameter, in the order of the buffer. */
    List<Place> places() {
        return new ArrayList<>(places.values());
    }

    Place place(String name) {
        return places.get(name);
    }

    /** Number of all values. */
    long elements() {
        return elements;
    }

    /** Number of values in matrices, which are the first of the buffer. */
    long matrixElements() {
        return matrixElements;
    }

    private void add(String name, long... shape) {
        Place place = new Place(name, shape, elements);
        places.put(name, place);
        elements += place.elements();
    }
}
