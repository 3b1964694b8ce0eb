package io.rootstock.trainer.engine.model;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Offsets of the parameters in a flat buffer. Matrices come first, so that weight decay applies to one range. The query,
 * key and value projections of a layer are adjacent, as are its gate and up projections, so that each group is one matrix
 * product. The adapters of a group follow it: all A, which are one matrix product, then all B.
 */
public final class ParameterLayout {
    /** Groups of adjacent matrices, each multiplied as one. */
    static final List<List<AdapterTarget>> GROUPS = List.of(
            List.of(AdapterTarget.QUERY, AdapterTarget.KEY, AdapterTarget.VALUE),
            List.of(AdapterTarget.OUTPUT),
            List.of(AdapterTarget.GATE, AdapterTarget.UP),
            List.of(AdapterTarget.DOWN));

    /**
     * Position of one parameter.
     *
     * @param name Hugging Face name
     * @param shape [out,in] of a matrix, [D] of a vector
     * @param offset index of its first element in the buffer
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Place(String name, long[] shape, long offset) {
        /** Number of elements. */
        public long elements() {
            long count = 1;
            for (long size : shape) {
                count *= size;
            }
            return count;
        }
    }

    /** Selects parameters by name and layer. */
    @FunctionalInterface
    private interface Choice {
        boolean takes(String name, int layer);
    }

    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Choice choice;
    private long matrixElements;
    private long elements;

    private ParameterLayout(ModelShape shape, Choice choice, Tuning tuning) {
        if (shape.classes() == 1) {
            throw new IllegalArgumentException("classes must be 0 (language model) or at least 2, was 1");
        }
        this.choice = choice;
        long dimension = shape.dimension();
        add(LlamaTensors.EMBEDDING, -1, shape.vocabularySize(), dimension);
        for (int layer = 0; layer < shape.layers(); layer++) {
            for (AdapterTarget target : AdapterTarget.values()) {
                add(name(layer, target.part()), layer, target.outputs(shape), target.inputs(shape));
            }
            if (tuning instanceof Tuning.LowRank lowRank) {
                addAdapters(shape, layer, lowRank);
            }
        }
        if (shape.classifier()) {
            add(LlamaTensors.SCORE, shape.layers(), shape.classes(), dimension);
        } else if (!shape.tiedEmbeddings()) {
            add(LlamaTensors.HEAD, shape.layers(), shape.vocabularySize(), dimension);
        }
        matrixElements = elements;
        for (int layer = 0; layer < shape.layers(); layer++) {
            add(name(layer, "input_layernorm"), layer, dimension);
            add(name(layer, "post_attention_layernorm"), layer, dimension);
            addHeads(shape, layer);
        }
        add(LlamaTensors.NORM, shape.layers(), dimension);
    }

    /** All parameters of the base model. */
    static ParameterLayout whole(ModelShape shape) {
        return new ParameterLayout(shape, (name, layer) -> true, new Tuning.Full());
    }

    /** The trained parameters, adapters included. */
    public static ParameterLayout trained(ModelShape shape, Tuning tuning) {
        return new ParameterLayout(shape, (name, layer) -> tuning.trains(name, layer, shape), tuning);
    }

    /** The frozen parameters. */
    public static ParameterLayout frozen(ModelShape shape, Tuning tuning) {
        return new ParameterLayout(shape, (name, layer) -> !tuning.trains(name, layer, shape), new Tuning.Full());
    }

    /** Frozen gains and biases: the parameters that a quantized base keeps in float32. */
    public static ParameterLayout frozenVectors(ModelShape shape, Tuning tuning) {
        return new ParameterLayout(
                shape, (name, layer) -> !tuning.trains(name, layer, shape) && !isMatrix(name), new Tuning.Full());
    }

    private static boolean isMatrix(String name) {
        return !name.endsWith("norm.weight") && !name.endsWith(".bias");
    }

    /** Adds the adjacent biases of queries, keys and values, and the head norms. */
    private void addHeads(ModelShape shape, int layer) {
        if (shape.family().biases()) {
            for (AdapterTarget target : GROUPS.getFirst()) {
                add(biasName(layer, target), layer, target.outputs(shape));
            }
        }
        if (shape.family().headNorms()) {
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

    /** Name prefix of a layer's parameters. */
    public static String prefix(int layer) {
        return "model.layers." + layer + ".";
    }

    /** Name of a weight inside a layer, such as {@code model.layers.0.mlp.up_proj.weight}. */
    public static String name(int layer, String part) {
        return prefix(layer) + part + ".weight";
    }

    static String biasName(int layer, AdapterTarget target) {
        return prefix(layer) + target.part() + ".bias";
    }

    /** Name of an adapter's matrix A or B: PEFT's name without the prefix {@code base_model.model.}. */
    static String adapterName(int layer, AdapterTarget target, char which) {
        return name(layer, target.part() + ".lora_" + which);
    }

    /** All parameters in buffer order. */
    public List<Place> places() {
        return new ArrayList<>(places.values());
    }

    /** Position of a parameter; null if this layout does not hold it. */
    Place place(String name) {
        return places.get(name);
    }

    /** Element range [from, to) of adjacent parameters; {0, 0} if none is selected. */
    public long[] range(Predicate<Place> some) {
        List<Place> chosen = places.values().stream().filter(some).toList();
        return chosen.isEmpty()
                ? new long[] {0, 0}
                : new long[] {
                    chosen.getFirst().offset(),
                    chosen.getLast().offset() + chosen.getLast().elements()
                };
    }

    /** Total number of elements. */
    public long elements() {
        return elements;
    }

    /** Number of elements in matrices, which fill the start of the buffer. */
    public long matrixElements() {
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
