package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** All weights, trained and frozen, under their names: first values, views, and the merging of adapters. */
final class ModelWeights {
    private static final double DEVIATION = 0.02;

    private final ModelShape shape;
    private final Tuning tuning;
    private final DType wide;
    private final List<WeightBuffer> buffers;
    private final ParameterLayout whole;

    /**
     * Names what lies in some buffers.
     *
     * @param buffers the trained weights, and the frozen ones if there are any
     */
    ModelWeights(ModelShape shape, Tuning tuning, DType wide, List<WeightBuffer> buffers) {
        this.shape = shape;
        this.tuning = tuning;
        this.wide = wide;
        this.buffers = buffers;
        this.whole = ParameterLayout.whole(shape);
    }

    /** First values: see {@link Engine#initialize}. */
    void initialize(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (ParameterLayout.Place place : held()) {
            boolean bias = place.name().endsWith(".bias");
            boolean gain = place.shape().length == 1 && !bias;
            boolean backIntoStream =
                    place.name().endsWith("o_proj.weight") || place.name().endsWith("down_proj.weight");
            double deviation = backIntoStream ? DEVIATION / Math.sqrt(2.0 * shape.layers()) : DEVIATION;
            MemorySegment memory = memory(place.name());
            for (long index = 0; index < place.elements(); index++) {
                set(memory, index, gain ? 1 : bias ? 0 : deviation * random.nextGaussian());
            }
        }
        for (ParameterLayout.Place place : adapters()) {
            boolean first = place.name().endsWith(".lora_A.weight");
            double bound = 1 / Math.sqrt((double) place.shape()[1]);
            MemorySegment memory = memory(place.name());
            for (long index = 0; index < place.elements(); index++) {
                set(memory, index, first ? random.nextDouble(-bound, bound) : 0);
            }
        }
    }

    /** The model's own parameters, in the order of a model that is trained whole. */
    List<ParameterView> parameters() {
        return views(held());
    }

    /** Those of the model's own parameters that lie in a buffer: all, unless the base is quantized. */
    private List<ParameterLayout.Place> held() {
        return whole.places().stream()
                .filter(place -> find(place.name()).isPresent())
                .toList();
    }

    /** What is trained, in the order of the flat buffers. */
    List<ParameterView> trained() {
        return views(buffers.getFirst().layout.places());
    }

    /** The adapters' matrices A and B. */
    List<ParameterView> adapterParameters() {
        return views(adapters());
    }

    /** Adds scale * B A to each matrix W that has an adapter, in place, and returns the model's own parameters. */
    List<ParameterView> merge() {
        if (tuning instanceof Tuning.LowRank lowRank) {
            for (int layer = 0; layer < shape.layers(); layer++) {
                for (AdapterTarget target : lowRank.targets()) {
                    merge(layer, target, lowRank);
                }
            }
        }
        return parameters();
    }

    private void merge(int layer, AdapterTarget target, Tuning.LowRank lowRank) {
        try (Scope _ = Scope.open()) {
            Tensor a = tensor(ParameterLayout.adapterName(layer, target, 'A'));
            Tensor b = tensor(ParameterLayout.adapterName(layer, target, 'B'));
            Tensor scaled = Operators.MULTIPLY.call(b, Tensor.scalar(wide, lowRank.scale()));
            tensor(ParameterLayout.name(layer, target.part())).addMatrixProduct(scaled, a, 1);
        }
    }

    private List<ParameterLayout.Place> adapters() {
        return buffers.getFirst().layout.places().stream()
                .filter(place -> place.name().contains(".lora_"))
                .toList();
    }

    private List<ParameterView> views(List<ParameterLayout.Place> places) {
        return places.stream()
                .map(place -> new ParameterView(place.name(), place.shape().clone(), memory(place.name())))
                .toList();
    }

    private Tensor tensor(String name) {
        WeightBuffer buffer = holder(name);
        ParameterLayout.Place place = buffer.layout.place(name);
        return buffer.master.slice(place.offset(), place.shape());
    }

    private MemorySegment memory(String name) {
        WeightBuffer buffer = holder(name);
        ParameterLayout.Place place = buffer.layout.place(name);
        return buffer.memory.asSlice(place.offset() * wide.bytes(), place.elements() * wide.bytes());
    }

    private WeightBuffer holder(String name) {
        return find(name).orElseThrow();
    }

    private Optional<WeightBuffer> find(String name) {
        return buffers.stream()
                .filter(buffer -> buffer.layout.place(name) != null)
                .findFirst();
    }

    private void set(MemorySegment memory, long index, double value) {
        if (wide == DType.FLOAT64) {
            memory.setAtIndex(JAVA_DOUBLE, index, value);
        } else {
            memory.setAtIndex(JAVA_FLOAT, index, (float) value);
        }
    }
}
