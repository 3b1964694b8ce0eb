package io.rootstock.trainer.worker;

import io.rootstock.checkpoint.HuggingFaceDirectory;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.checkpoint.TrainingState;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.ParameterView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The engine and, for fine-tuning, a copy of the weights that validated best; moves both into checkpoints and back. */
final class TrainedModel implements AutoCloseable {
    private static final String WEIGHTS = "weights.f32";
    private static final String FIRST_MOMENT = "first-moment.f32";
    private static final String SECOND_MOMENT = "second-moment.f32";
    private static final String BEST = "best-weights.f32";

    private final Engine engine;
    private final Arena arena = Arena.ofShared();
    private MemorySegment best = MemorySegment.NULL;

    private TrainedModel(Engine engine) {
        this.engine = engine;
    }

    static TrainedModel create(PreparedRun run) {
        return new TrainedModel(Engine.create(
                Shapes.engine(
                        run.plan().architecture(), run.normEpsilon(), run.plan().classes()),
                run.precision(),
                run.values().getThreads()));
    }

    Engine engine() {
        return engine;
    }

    /** Weights before the first step: random by the seed, and where there is a base, the base's. */
    void start(PreparedRun run) {
        engine.initialize(run.values().getSeed());
        run.base().ifPresent(this::fill);
        engine.weightsChanged();
    }

    private void fill(HuggingFaceDirectory base) {
        Map<String, NamedTensor> tensors = new HashMap<>();
        for (NamedTensor tensor : base.tensors()) {
            tensors.put(tensor.name(), tensor);
        }
        for (ParameterView parameter : engine.parameters()) {
            NamedTensor tensor = tensors.get(parameter.name());
            if (tensor != null) {
                parameter.values().copyFrom(tensor.float32());
            } else if (!parameter.name().equals("score.weight")) {
                throw new IllegalArgumentException("the base model has no tensor " + parameter.name());
            }
        }
    }

    /** Goes on from the newest whole checkpoint, if there is one. */
    Optional<TrainingState> restore(Checkpoints checkpoints, Consumer<String> report) {
        Optional<TrainingState> state = checkpoints.readNewest(this::memory, report);
        state.ifPresent(found -> {
            engine.setOptimizerStep(found.optimizerStep());
            engine.weightsChanged();
        });
        return state;
    }

    /** Writes a checkpoint; returns its bytes on disk. */
    long save(Checkpoints checkpoints, TrainingState state, int kept) {
        Map<String, MemorySegment> tensors = new TreeMap<>();
        tensors.put(WEIGHTS, engine.masterWeights());
        tensors.put(FIRST_MOMENT, engine.firstMoment());
        tensors.put(SECOND_MOMENT, engine.secondMoment());
        if (state.bestStep() >= 0) {
            tensors.put(BEST, best);
        }
        return checkpoints.write(state, tensors, kept);
    }

    /** Remembers the weights as they are now. */
    void keepAsBest() {
        MemorySegment weights = engine.masterWeights();
        bestMemory(weights.byteSize()).copyFrom(weights);
    }

    /** Puts back the weights remembered last. */
    void useBest() {
        engine.masterWeights().copyFrom(best);
        engine.weightsChanged();
    }

    /** The weights by Hugging Face name; views, valid until the model is closed. */
    List<NamedTensor> tensors() {
        return engine.parameters().stream()
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
        arena.close();
    }
}
