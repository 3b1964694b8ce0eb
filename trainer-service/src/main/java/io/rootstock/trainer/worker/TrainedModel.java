package io.rootstock.trainer.worker;

import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.PeftAdapter;
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

/**
 * The engine and, for fine-tuning, a copy of the trained weights that validated best; moves both into checkpoints and
 * back.
 */
final class TrainedModel implements AutoCloseable {
    private static final String HEAD = "score.weight";
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
     * A model without weights.
     *
     * @param processes those that train it together
     */
    static TrainedModel create(PreparedRun run, Collectives processes) {
        Engine engine = Engine.create(
                run.plan().shape(run.normEpsilon()),
                run.plan().tuning(),
                DeviceChoice.place(run.plan().execution(), run.plan().optimizer()),
                processes,
                run.quantizedBase().map(QuantizedBase::matrices));
        return new TrainedModel(engine, run.quantizedBase());
    }

    Engine engine() {
        return engine;
    }

    /** Goes on from the newest whole checkpoint if there is one, otherwise starts. What is frozen is in no checkpoint. */
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

    /** Weights before the first step: random by the seed, and where there is a base or an adapter, theirs. */
    void start(PreparedRun run) {
        engine.initialize(run.values().getSeed());
        run.base().ifPresent(base -> fill(engine.parameters(), base.tensors()));
        quantizedBase.ifPresent(base -> fill(engine.parameters(), base.vectors()));
        run.adapter().ifPresent(adapter -> fill(engine.trainedParameters(), adapter(run, adapter)));
        engine.weightsChanged();
    }

    private static List<NamedTensor> adapter(PreparedRun run, PeftAdapter adapter) {
        boolean headKnown =
                adapter.tensors().stream().anyMatch(tensor -> tensor.name().equals(HEAD));
        try {
            return adapter.inOrder(run.config(), headKnown ? run.plan().classes() : 0);
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
                    tensor.float32().unload(); // pages of the file would count as this process's memory
                }
            } else if (!parameter.name().equals(HEAD)) {
                throw new IllegalArgumentException("there is no tensor " + parameter.name() + " to start from");
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

    /** What a checkpoint holds of tensors that every step changes, by file name. */
    Map<String, MemorySegment> trainedState() {
        Map<String, MemorySegment> tensors = new TreeMap<>();
        tensors.put(WEIGHTS, engine.masterWeights());
        tensors.put(FIRST_MOMENT, engine.firstMoment());
        tensors.put(SECOND_MOMENT, engine.secondMoment());
        return tensors;
    }

    /** The best weights, which a checkpoint holds too; they change in {@link #keepAsBest} alone. */
    Map<String, MemorySegment> bestState() {
        return best.byteSize() > 0 ? Map.of(BEST, best) : Map.of();
    }

    /** Remembers the weights as they are now. Not while a checkpoint is being written. */
    void keepAsBest() {
        MemorySegment weights = engine.masterWeights();
        bestMemory(weights.byteSize()).copyFrom(weights);
    }

    /** Puts back the weights remembered last. */
    void useBest() {
        engine.masterWeights().copyFrom(best);
        engine.weightsChanged();
    }

    /**
     * The weights by Hugging Face name, adapters merged into them in place; of a quantized base, which stays as it is, only
     * those that were trained themselves. Valid until the model is closed.
     */
    List<NamedTensor> mergedTensors() {
        if (quantizedBase.isPresent()) {
            return named(engine.trainedParameters()).stream()
                    .filter(tensor -> tensor.name().equals(HEAD))
                    .toList();
        }
        return named(engine.mergeAdapters());
    }

    /** The adapters, where there are any, and with them what of the model itself was trained. */
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
