package io.rootstock.trainer.engine.model;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Scope;
import io.rootstock.torch.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** All weights by name, trained and frozen: initialization, views, and the merge of adapters. */
public final class ModelWeights {
    private static final double STANDARD_DEVIATION = 0.02;

    private final ModelShape shape;
    private final Tuning tuning;
    private final DType masterType;
    private final List<WeightBuffer> buffers;
    private final ParameterLayout whole;

    /**
     * Weights of a model.
     *
     * @param buffers the trained weights, then the frozen weights if there are any
     */
    public ModelWeights(ModelShape shape, Tuning tuning, DType masterType, List<WeightBuffer> buffers) {
        this.shape = shape;
        this.tuning = tuning;
        this.masterType = masterType;
        this.buffers = buffers;
        this.whole = ParameterLayout.whole(shape);
    }

    /**
     * Initializes the weights: normal with standard deviation 0.02, divided by sqrt(2 * layers) in the projections back
     * into the residual stream (GPT-2, Radford et al. 2019); gains 1, biases 0. An adapter's A is uniform in +-1/sqrt(in),
     * its B is 0. The same seed gives the same weights.
     */
    public void initialize(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (ParameterLayout.Place place : held()) {
            boolean bias = place.name().endsWith(".bias");
            boolean gain = place.shape().length == 1 && !bias;
            boolean backIntoStream =
                    place.name().endsWith("o_proj.weight") || place.name().endsWith("down_proj.weight");
            double deviation =
                    backIntoStream ? STANDARD_DEVIATION / Math.sqrt(2.0 * shape.layers()) : STANDARD_DEVIATION;
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

    /** Floating-point parameters of the base model, in the order of full training. */
    public List<ParameterView> parameters() {
        return views(held());
    }

    /** Parameters of the base model that lie in a buffer: all, unless the base is quantized. */
    private List<ParameterLayout.Place> held() {
        return whole.places().stream()
                .filter(place -> find(place.name()).isPresent())
                .toList();
    }

    /** Trained parameters, adapters included, in buffer order. */
    public List<ParameterView> trained() {
        return views(buffers.getFirst().layout().places());
    }

    /** The adapters' matrices A and B. */
    public List<ParameterView> adapterParameters() {
        return views(adapters());
    }

    /** Adds scale * B A to each adapted matrix W in place, and returns the parameters of the base model. */
    public List<ParameterView> merge() {
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
            Tensor scaled = Operators.MULTIPLY.call(b, Tensor.scalar(masterType, lowRank.scale()));
            tensor(ParameterLayout.name(layer, target.part())).addMatrixProduct(scaled, a, 1);
        }
    }

    private List<ParameterLayout.Place> adapters() {
        return buffers.getFirst().layout().places().stream()
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
        ParameterLayout.Place place = buffer.layout().place(name);
        return buffer.master().slice(place.offset(), place.shape());
    }

    private MemorySegment memory(String name) {
        WeightBuffer buffer = holder(name);
        ParameterLayout.Place place = buffer.layout().place(name);
        return buffer.memory().asSlice(place.offset() * masterType.bytes(), place.elements() * masterType.bytes());
    }

    private WeightBuffer holder(String name) {
        return find(name).orElseThrow();
    }

    private Optional<WeightBuffer> find(String name) {
        return buffers.stream()
                .filter(buffer -> buffer.layout().place(name) != null)
                .findFirst();
    }

    private void set(MemorySegment memory, long index, double value) {
        if (masterType == DType.FLOAT64) {
            memory.setAtIndex(JAVA_DOUBLE, index, value);
        } else {
            memory.setAtIndex(JAVA_FLOAT, index, (float) value);
        }
    }
}
