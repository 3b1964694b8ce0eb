package io.rootstock.trainer.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where each parameter lies in the flat buffers. Matrices come first, so that weight decay is one range; a layer's query,
 * key and value projections are neighbours, and its gate and up projections, so that each group is one matrix product;
 * of each group's adapters first all A, which are one product too, then all B.
 */
final class ParameterLayout {
    /** Matrices that are multiplied as one. */
    static final List<List<AdapterTarget>> GROUPS = List.of(
            List.of(AdapterTarget.QUERY, AdapterTarget.KEY, AdapterTarget.VALUE),
            List.of(AdapterTarget.OUTPUT),
            List.of(AdapterTarget.GATE, AdapterTarget.UP),
            List.of(AdapterTarget.DOWN));

    private static final String EMBEDDING = "model.embed_tokens.weight";

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

    /** Says whether a parameter is to lie here, by its name and layer. */
    @FunctionalInterface
    private interface Choice {
        boolean takes(String name, int layer);
    }

    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Choice choice;
    private long matrixElements;
    private long elements;

    private ParameterLayout(ModelShape shape, Choice choice, Tuning tuning) {
        this.choice = choice;
        long dimension = shape.dimension();
        add(EMBEDDING, -1, shape.vocabularySize(), dimension);
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (AdapterTarget target : AdapterTarget.values()) {
                add(name(layer, target.part()), layer, target.outputs(shape), target.inputs(shape));
            }
            if (tuning instanceof Tuning.LowRank lowRank) {
                addAdapters(shape, layer, lowRank);
            }
        }
        if (shape.classifier()) {
            add("score.weight", shape.layers(), shape.classes(), dimension);
        } else if (!shape.tiedEmbeddings()) {
            add("lm_head.weight", shape.layers(), shape.vocabularySize(), dimension);
        }
        matrixElements = elements;
        for (int layer = 0; layer < shape.layers(); layer++) {
            add(name(layer, "input_layernorm"), layer, dimension);
            add(name(layer, "post_attention_layernorm"), layer, dimension);
            addHeads(shape, layer);
        }
        add("model.norm.weight", shape.layers(), dimension);
    }

    /** The model's own parameters, all of them. */
    static ParameterLayout whole(ModelShape shape) {
        return new ParameterLayout(shape, (name, layer) -> true, new Tuning.Full());
    }

    /** What a training changes, adapters included. */
    static ParameterLayout trained(ModelShape shape, Tuning tuning) {
        return new ParameterLayout(shape, (name, layer) -> tuning.trains(name, layer, shape), tuning);
    }

    /** The rest. */
    static ParameterLayout frozen(ModelShape shape, Tuning tuning) {
        return new ParameterLayout(shape, (name, layer) -> !tuning.trains(name, layer, shape), new Tuning.Full());
    }

    /** Gains and biases among what a training leaves alone: what quantized weights have in float32. */
    static ParameterLayout frozenVectors(ModelShape shape, Tuning tuning) {
        return new ParameterLayout(
                shape, (name, layer) -> !tuning.trains(name, layer, shape) && !isMatrix(name), new Tuning.Full());
    }

    private static boolean isMatrix(String name) {
        return !name.endsWith("norm.weight") && !name.endsWith(".bias");
    }

    /** Biases of queries, keys and values as neighbours, as their projections are, and the norms of their heads. */
    private void addHeads(ModelShape shape, int layer) {
        if (shape.headForm().biases()) {
            for (AdapterTarget target : GROUPS.getFirst()) {
                add(biasName(layer, target), layer, target.outputs(shape));
            }
        }
        if (shape.headForm().norms()) {
            add(name(layer, "self_attn.q_norm"), layer, shape.headDimension());
            add(name(layer, "self_attn.k_norm"), layer, shape.headDimension());
        }
    }

    private void addAdapters(ModelShape shape, int layer, Tuning.LowRank tuning) {
        for (List<AdapterTarget> group : GROUPS) {
            Set<AdapterTarget> present = tuning.among(group);
            present.forEach(target -> put(adapterName(layer, target, 'A'), tuning.rank(), target.inputs(shape)));
            present.forEach(target -> put(adapterName(layer, target, 'B'), target.outputs(shape), tuning.rank()));
        }
    }

    /** What the names of a layer's parameters begin with. */
    static String prefix(int layer) {
        return "model.layers." + layer + ".";
    }

    static String name(int layer, String part) {
        return prefix(layer) + part + ".weight";
    }

    static String biasName(int layer, AdapterTarget target) {
        return prefix(layer) + target.part() + ".bias";
    }

    /** Name of an adapter's matrix A or B: PEFT's without its {@code base_model.model.}. */
    static String adapterName(int layer, AdapterTarget target, char which) {
        return name(layer, target.part() + ".lora_" + which);
    }

    /** Every parameter, in the order of the buffer. */
    List<Place> places() {
        return new ArrayList<>(places.values());
    }

    /** The parameter's place, or null if it lies elsewhere. */
    Place place(String name) {
        return places.get(name);
    }

    /** First value and the one behind the last of neighbouring parameters; nothing where there are none. */
    long[] range(Predicate<Place> some) {
        List<Place> chosen = places.values().stream().filter(some).toList();
        return chosen.isEmpty()
                ? new long[] {0, 0}
                : new long[] {
                    chosen.getFirst().offset(),
                    chosen.getLast().offset() + chosen.getLast().elements()
                };
    }

    /** Number of all values. */
    long elements() {
        return elements;
    }

    /** Number of values in matrices, which are the first of the buffer. */
    long matrixElements() {
        return matrixElements;
    }

    private void add(String name, int layer, long... shape) {
        if (choice.takes(name, layer)) {
            put(name, shape);
        }
    }

    private void put(String name, long... shape) {
        Place place = new Place(name, shape, elements);
        places.put(name, place);
        elements += place.elements();
    }
}
