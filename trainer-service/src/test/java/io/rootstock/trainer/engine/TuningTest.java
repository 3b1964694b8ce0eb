package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.ParameterView;
import io.rootstock.trainer.engine.model.TrainingCost;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TuningTest {
    private static final Optimizer.Settings SETTINGS = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1);
    private static final ModelShape TIED = Samples.shapes().getFirst();
    private static final Tuning.LowRank EVERYWHERE =
            new Tuning.LowRank(3, 8, false, EnumSet.allOf(AdapterTarget.class));
    private static final Tuning.LowRank SOMEWHERE = new Tuning.LowRank(
            5, 7, true, Set.of(AdapterTarget.QUERY, AdapterTarget.VALUE, AdapterTarget.UP, AdapterTarget.DOWN));

    static Stream<Arguments> tunings() {
        return Samples.shapes().stream()
                .flatMap(shape -> Stream.of(EVERYWHERE, SOMEWHERE, new Tuning.LastBlocks(1), new Tuning.LastBlocks(2))
                        .map(tuning -> Arguments.of(shape, tuning)));
    }

    @ParameterizedTest
    @MethodSource("tunings")
    void gradientsOfTrainedParametersMatchAutograd(ModelShape shape, Tuning tuning) {
        Batch batch = Samples.batch(shape, 3, shape.contextLength() - 1, 1);
        try (Engine engine = Samples.float64(shape, tuning)) {
            engine.gradient(List.of(batch));
            double[] expected = AutogradOracle.gradients(engine, batch);
            assertThat(engine.lastGradient()).hasSameSizeAs(expected);
            assertThat(Samples.largest(expected)).isGreaterThan(0.01);
            assertThat(Samples.largestDifference(engine.lastGradient(), expected))
                    .isLessThan(1e-11);
        }
    }

    @ParameterizedTest
    @MethodSource("tunings")
    void float32AndBfloat16AreCloseToFloat64(ModelShape shape, Tuning tuning) {
        Batch batch = Samples.batch(shape, 3, shape.contextLength(), 1);
        double[] exact;
        double exactLoss;
        try (Engine engine = Samples.float64(shape, tuning)) {
            exactLoss = engine.gradient(List.of(batch)).lossSum();
            exact = engine.lastGradient();
        }
        try (Engine engine = Samples.engine(shape, DType.FLOAT32, DType.FLOAT32, true, 2, tuning)) {
            assertThat(engine.gradient(List.of(batch)).lossSum()).isCloseTo(exactLoss, within(1e-5 * exactLoss));
            assertThat(Samples.largestDifference(engine.lastGradient(), exact))
                    .isLessThan(2e-5 * Samples.largest(exact));
        }
        try (Engine engine = Samples.engine(shape, DType.FLOAT32, DType.BFLOAT16, true, 2, tuning)) {
            assertThat(engine.gradient(List.of(batch)).lossSum()).isCloseTo(exactLoss, within(0.03 * exactLoss));
            assertThat(Samples.cosine(engine.lastGradient(), exact)).isGreaterThan(0.995);
        }
    }

    @ParameterizedTest
    @MethodSource("tunings")
    void frozenParametersAreBitIdentical(ModelShape shape, Tuning tuning) {
        try (Engine engine = Samples.engine(shape, DType.FLOAT32, DType.FLOAT32, true, 2, tuning)) {
            Map<String, byte[]> before = bytes(engine);
            Set<String> trained = new HashSet<>();
            engine.trainedParameters().forEach(view -> trained.add(view.name()));
            engine.step(List.of(Samples.batch(shape, 3, shape.contextLength(), 1)), 0.01, SETTINGS);
            bytes(engine).forEach((name, after) -> {
                if (trained.contains(name)) {
                    assertThat(after).as(name).isNotEqualTo(before.get(name));
                } else {
                    assertThat(after).as(name).isEqualTo(before.get(name));
                }
            });
        }
    }

    @Test
    void frozenParametersHaveNoGradientOrMoments() {
        try (Engine engine = Engine.create(TIED, Precision.FLOAT32, 1, EVERYWHERE)) {
            long adapters = 0;
            for (AdapterTarget target : AdapterTarget.values()) {
                adapters += 3L * (target.inputs(TIED) + target.outputs(TIED)) * TIED.layers();
            }
            assertThat(engine.masterWeights().byteSize()).isEqualTo(4 * adapters);
            assertThat(engine.firstMoment().byteSize()).isEqualTo(4 * adapters);
            assertThat(engine.lastGradient()).hasSize((int) adapters);
            assertThat(TrainingCost.trainedParameters(TIED, EVERYWHERE)).isEqualTo(adapters);
        }
    }

    @Test
    void aNewAdapterDoesNotChangeTheLogits() {
        LanguageBatch batch = (LanguageBatch) Samples.batch(TIED, 2, 12, 1);
        try (Engine plain = Engine.create(TIED, Precision.FLOAT32, 1);
                Engine adapted = Engine.create(TIED, Precision.FLOAT32, 1, EVERYWHERE)) {
            plain.initialize(3);
            adapted.initialize(3);
            assertThat(adapted.logits(batch)).isEqualTo(plain.logits(batch));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void theMergedModelHasTheLogitsOfTheAdaptedModel(Precision precision) {
        LanguageBatch batch = (LanguageBatch) Samples.batch(TIED, 2, 12, 1);
        try (Engine adapted = Engine.create(TIED, precision, 2, SOMEWHERE);
                Engine merged = Engine.create(TIED, precision, 2)) {
            adapted.initialize(1);
            for (int step = 0; step < 40; step++) {
                adapted.step(List.of(batch), 0.02, SETTINGS);
            }
            assertThat(adapted.loss(batch).mean()).isLessThan(0.9 * Math.log(97));
            float[] expected = adapted.logits(batch);
            Map<String, ParameterView> sums = new HashMap<>();
            adapted.mergeAdapters().forEach(view -> sums.put(view.name(), view));
            merged.parameters()
                    .forEach(
                            view -> view.values().copyFrom(sums.get(view.name()).values()));
            merged.weightsChanged();
            float[] actual = merged.logits(batch);
            double tolerance = precision == Precision.BFLOAT16 ? 0.05 : 2e-5;
            for (int index = 0; index < expected.length; index++) {
                assertThat(actual[index]).isCloseTo(expected[index], within((float) tolerance));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void resumingAdaptersFromACheckpointIsBitIdentical(Precision precision) {
        assertThat(weightsAfterSteps(precision, 3)).isEqualTo(weightsAfterSteps(precision, 0));
    }

    private static byte[] weightsAfterSteps(Precision precision, int replacedAfter) {
        Engine engine = Engine.create(TIED, precision, 2, EVERYWHERE);
        try {
            engine.initialize(7);
            for (int step = 1; step <= 6; step++) {
                engine.step(List.of(Samples.batch(TIED, 3, 12, step)), 0.01, SETTINGS);
                if (step == replacedAfter) {
                    Engine next = Engine.create(TIED, precision, 2, EVERYWHERE);
                    next.initialize(7);
                    next.masterWeights().copyFrom(engine.masterWeights());
                    next.firstMoment().copyFrom(engine.firstMoment());
                    next.secondMoment().copyFrom(engine.secondMoment());
                    next.setOptimizerStep(engine.optimizerStep());
                    next.weightsChanged();
                    engine.close();
                    engine = next;
                }
            }
            return engine.masterWeights().toArray(JAVA_BYTE);
        } finally {
            engine.close();
        }
    }

    @Test
    void tunedStepsFreeTheirTensors() {
        long before = Tensor.live();
        for (Tuning tuning : List.of(EVERYWHERE, new Tuning.LastBlocks(1))) {
            try (Engine engine = Engine.create(TIED, Precision.BFLOAT16, 2, tuning)) {
                engine.initialize(1);
                long resident = Tensor.live();
                for (int step = 0; step < 5; step++) {
                    engine.step(List.of(Samples.batch(TIED, 3, 12, step)), 0.001, SETTINGS);
                }
                assertThat(Tensor.live()).isEqualTo(resident);
            }
        }
        assertThat(Tensor.live()).isEqualTo(before);
    }

    @Test
    void trainingFewerParametersCountsFewerFlops() {
        double full = TrainingCost.flopsPerToken(TIED, new Tuning.Full(), 12);
        assertThat(TrainingCost.flopsPerToken(TIED, SOMEWHERE, 12)).isLessThan(full);
        assertThat(TrainingCost.flopsPerToken(TIED, new Tuning.LastBlocks(1), 12))
                .isLessThan(full);
        assertThat(TrainingCost.flopsPerToken(TIED, new Tuning.LastBlocks(99), 12))
                .isLessThanOrEqualTo(full);
    }

    private static Map<String, byte[]> bytes(Engine engine) {
        Map<String, byte[]> bytes = new HashMap<>();
        Stream.concat(engine.parameters().stream(), engine.adapterParameters().stream())
                .forEach(view -> bytes.put(view.name(), view.values().toArray(JAVA_BYTE)));
        return bytes;
    }
}
