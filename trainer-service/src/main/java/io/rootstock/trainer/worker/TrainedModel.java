package io.rootstock.trainer.worker;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.collectives.Collectives;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.checkpoint.TrainingState;
import io.rootstock.trainer.data.QuantizedBase;
import io.rootstock.trainer.engine.DeviceChoice;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.ParameterView;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.plan.RefusedSpecException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The engine and, for fine-tuning, a copy of the best weights; exposes both for checkpoints. */
final class TrainedModel implements AutoCloseable {
    private static final String WEIGHTS = "weights.f32";
    private static final String FIRST_MOMENT = "first-moment.f32";
    private static final String SECOND_MOMENT = "second-moment.f32";
    private static final String BEST = "best-weights.f32";

    private final Engine engine;
    private final Optional<QuantizedBase> quantizedBase;
    private final Arena arena = Arena.ofShared();
    private MemorySegment best = MemorySegment.NULL;

    private TrainedModel(Engine engine, Optional<QuantizedBase> quantizedBase) {
        this.engine = engine;
        this.quantizedBase = quantizedBase;
    }

    /**
     * Creates a model with uninitialized weights.
     *
     * @param processes the ranks that train it together
     */
    static TrainedModel create(PreparedRun run, Collectives processes) {
        Engine engine = Engine.create(
                run.shape(),
                run.plan().tuning(),
                DeviceChoice.place(run.plan().execution(), run.plan().optimizer()),
                processes,
                run.quantizedBase().map(QuantizedBase::matrices));
        return new TrainedModel(engine, run.quantizedBase());
    }

    Engine engine() {
        return engine;
    }

    /**
     * Restores the newest valid checkpoint, or initializes the model if there is none. Checkpoints do not contain
     * frozen weights.
     */
    Optional<TrainingState> begin(PreparedRun run, Checkpoints checkpoints, Consumer<String> report) {
        boolean frozenParts = !(engine.tuning() instanceof Tuning.Full);
        if (frozenParts && !checkpoints.steps().isEmpty()) {
            start(run);
        }
        Optional<TrainingState> state = restore(checkpoints, report);
        if (state.isEmpty()) {
            start(run);
        }
        return state;
    }

    /** Initializes the weights: randomly from the seed, then from the base and the adapter, if any. */
    void start(PreparedRun run) {
        engine.initialize(run.values().getSeed());
        run.base().ifPresent(base -> fill(engine.parameters(), base.tensors()));
        quantizedBase.ifPresent(base -> fill(engine.parameters(), base.vectors()));
        run.adapter().ifPresent(adapter -> fill(engine.trainedParameters(), adapter(run, adapter)));
        engine.weightsChanged();
    }

    private static List<NamedTensor> adapter(PreparedRun run, PeftAdapter adapter) {
        boolean headKnown =
                adapter.tensors().stream().anyMatch(tensor -> tensor.name().equals(LlamaTensors.SCORE));
        try {
            return adapter.inOrder(headKnown ? run.shape() : run.shape().withClasses(0));
        } catch (IllegalArgumentException e) {
            throw new RefusedSpecException("adapter_digest", "does not fit base and task: " + e.getMessage());
        }
    }

    private static void fill(List<ParameterView> parameters, List<NamedTensor> given) {
        Map<String, NamedTensor> tensors = new HashMap<>();
        for (NamedTensor tensor : given) {
            tensors.put(tensor.name(), tensor);
        }
        for (ParameterView parameter : parameters) {
            NamedTensor tensor = tensors.get(parameter.name());
            if (tensor != null) {
                parameter.values().copyFrom(tensor.float32());
                if (tensor.float32().isMapped()) {
                    tensor.float32().unload(); // otherwise the file's pages count as memory of this process
                }
            } else if (!parameter.name().equals(LlamaTensors.SCORE)) {
                throw new IllegalArgumentException("missing tensor: " + parameter.name());
            }
        }
    }

    private Optional<TrainingState> restore(Checkpoints checkpoints, Consumer<String> report) {
        Optional<TrainingState> state = checkpoints.readNewest(this::memory, report);
        state.ifPresent(found -> {
            engine.setOptimizerStep(found.optimizerStep());
            engine.weightsChanged();
        });
        return state;
    }

    /** Tensors of a checkpoint that change at every step, by file name. */
    Map<String, MemorySegment> trainedState() {
        Map<String, MemorySegment> tensors = new TreeMap<>();
        tensors.put(WEIGHTS, engine.masterWeights());
        tensors.put(FIRST_MOMENT, engine.firstMoment());
        tensors.put(SECOND_MOMENT, engine.secondMoment());
        return tensors;
    }

    /** Best weights, also part of a checkpoint; changed only by {@link #keepAsBest}. */
    Map<String, MemorySegment> bestState() {
        return best.byteSize() > 0 ? Map.of(BEST, best) : Map.of();
    }

    /** Copies the current weights as the best weights. Must not be called while a checkpoint is written. */
    void keepAsBest() {
        MemorySegment weights = engine.masterWeights();
        bestMemory(weights.byteSize()).copyFrom(weights);
    }

    /** Restores the best weights. */
    void useBest() {
        engine.masterWeights().copyFrom(best);
        engine.weightsChanged();
    }

    /**
     * Returns the weights by Hugging Face name, with adapters merged in place. Of a quantized base, which is not
     * modified, only a classifier's head. Valid until the model is closed.
     */
    List<NamedTensor> mergedTensors() {
        if (quantizedBase.isPresent()) {
            return named(engine.trainedParameters()).stream()
                    .filter(tensor -> tensor.name().equals(LlamaTensors.SCORE))
                    .toList();
        }
        return named(engine.mergeAdapters());
    }

    /** Returns the adapters, if any, with a classifier's head. */
    Optional<PeftAdapter> adapter() {
        if (!(engine.tuning() instanceof Tuning.LowRank tuning)) {
            return Optional.empty();
        }
        return Optional.of(new PeftAdapter(
                tuning.rank(),
                tuning.alpha(),
                tuning.rankStabilized(),
                tuning.targets().stream().map(AdapterTarget::module).toList(),
                named(engine.trainedParameters())));
    }

    private static List<NamedTensor> named(List<ParameterView> parameters) {
        return parameters.stream()
                .map(parameter -> new NamedTensor(parameter.name(), parameter.shape(), parameter.values()))
                .toList();
    }

    private Optional<MemorySegment> memory(String name) {
        return switch (name) {
            case WEIGHTS -> Optional.of(engine.masterWeights());
            case FIRST_MOMENT -> Optional.of(engine.firstMoment());
            case SECOND_MOMENT -> Optional.of(engine.secondMoment());
            case BEST -> Optional.of(bestMemory(engine.masterWeights().byteSize()));
            default -> Optional.empty();
        };
    }

    private MemorySegment bestMemory(long bytes) {
        if (best.byteSize() != bytes) {
            best = arena.allocate(bytes, Float.BYTES);
        }
        return best;
    }

    @Override
    public void close() {
        engine.close();
        quantizedBase.ifPresent(QuantizedBase::close);
        arena.close();
    }
}
