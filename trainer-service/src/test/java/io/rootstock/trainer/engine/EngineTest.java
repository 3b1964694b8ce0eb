package io.rootstock.trainer.engine;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.model.ParameterView;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class EngineTest {
    private static final Optimizer.Settings SETTINGS = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, 1);
    private static final ModelShape TIED = Samples.shapes().getFirst();
    private static final ModelShape CLASSIFIER = Samples.shapes().getLast();

    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void theGradientDoesNotDependOnHowRowsAreAccumulated(ModelShape shape) {
        Batch whole = Samples.batch(shape, 4, shape.contextLength(), 3);
        List<Batch> single = IntStream.range(0, 4)
                .mapToObj(row -> Samples.rows(whole, row, row + 1))
                .toList();
        try (Engine engine = Samples.float64(shape)) {
            StepResult once = engine.gradient(List.of(whole));
            double[] expected = engine.lastGradient();
            StepResult accumulated = engine.gradient(single);
            assertThat(Samples.largestDifference(engine.lastGradient(), expected))
                    .isLessThan(1e-13);
            assertThat(accumulated.meanLoss()).isCloseTo(once.meanLoss(), within(1e-13));
            assertThat(accumulated.lossTokens()).isEqualTo(once.lossTokens());
        }
    }

    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void theGradientDoesNotDependOnTheNumberOfThreads(ModelShape shape) {
        Batch batch = Samples.batch(shape, 5, shape.contextLength(), 3);
        double[] expected = null;
        for (int threads : new int[] {1, 2, 3, 8}) {
            try (Engine engine = Samples.engine(shape, DType.FLOAT64, DType.FLOAT64, false, threads)) {
                engine.gradient(List.of(batch));
                double[] gradient = engine.lastGradient();
                expected = expected == null ? gradient : expected;
                assertThat(Samples.largestDifference(gradient, expected)).isLessThan(1e-13);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void theSameStepsGiveTheSameBits(Precision precision) {
        assertThat(weightsAfterSteps(precision, 0)).isEqualTo(weightsAfterSteps(precision, 0));
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void resumingFromACheckpointIsBitIdentical(Precision precision) {
        assertThat(weightsAfterSteps(precision, 3)).isEqualTo(weightsAfterSteps(precision, 0));
    }

    /** Weights after six steps; after one of them a new engine continues with the state of the first. */
    private static byte[] weightsAfterSteps(Precision precision, int replacedAfter) {
        Engine engine = Engine.create(TIED, precision, 2);
        try {
            engine.initialize(7);
            for (int step = 1; step <= 6; step++) {
                engine.step(
                        List.of(Samples.batch(TIED, 3, 12, step), Samples.batch(TIED, 1, 9, -step)), 0.01, SETTINGS);
                if (step == replacedAfter) {
                    engine = Samples.replaced(engine, precision, 2);
                }
            }
            return engine.masterWeights().toArray(JAVA_BYTE);
        } finally {
            engine.close();
        }
    }

    @Test
    void aStepIsAdamWWithWeightDecayOnMatricesOnly() {
        Batch batch = Samples.batch(TIED, 2, 12, 1);
        try (Engine engine = Samples.float64(TIED)) {
            StepResult seen = engine.gradient(List.of(batch));
            double[] gradient = engine.lastGradient();
            double[] before = engine.masterWeights().toArray(JAVA_DOUBLE);
            Optimizer.Settings clipping = new Optimizer.Settings(0.9, 0.95, 1e-8, 0.1, seen.gradientNorm() / 2);
            StepResult result = engine.step(List.of(batch), 0.01, clipping);
            assertThat(result.gradientNorm()).isCloseTo(norm(gradient), within(1e-12));

            double[] after = engine.masterWeights().toArray(JAVA_DOUBLE);
            int index = 0;
            for (ParameterView parameter : engine.parameters()) {
                double decay = parameter.shape().length == 2 ? 0.1 : 0;
                for (long end = index + parameter.elements(); index < end; index++) {
                    double clipped = gradient[index] / 2;
                    double moved = 0.01 * (clipped / (Math.sqrt(clipped * clipped) + 1e-8));
                    assertThat(after[index]).isCloseTo(before[index] * (1 - 0.01 * decay) - moved, within(1e-12));
                }
            }
        }
    }

    @Test
    void positionsWithoutLossGiveNoGradient() {
        LanguageBatch batch = (LanguageBatch) Samples.batch(TIED, 2, 12, 1);
        int[] targets = batch.targets().clone();
        Arrays.fill(targets, 6, 12, LanguageBatch.NO_LOSS);
        Arrays.fill(targets, 18, 24, LanguageBatch.NO_LOSS);
        int[] otherTokens = batch.tokens().clone();
        Arrays.fill(otherTokens, 6, 12, 1);
        Arrays.fill(otherTokens, 18, 24, 2);
        try (Engine engine = Samples.float64(TIED)) {
            engine.gradient(List.of(new LanguageBatch(2, 12, batch.tokens(), targets)));
            double[] gradient = engine.lastGradient();
            engine.gradient(List.of(new LanguageBatch(2, 12, otherTokens, targets)));
            assertThat(engine.lastGradient()).isEqualTo(gradient);
        }
    }

    @Test
    void theLossIsTheCrossEntropyOfTheLogits() {
        LanguageBatch batch = (LanguageBatch) Samples.batch(TIED, 3, 12, 1);
        try (Engine engine = Samples.engine(TIED, DType.FLOAT32, DType.FLOAT32, true, 2)) {
            float[] logits = engine.logits(batch);
            double nats = 0;
            for (int position = 0; position < batch.targets().length; position++) {
                if (batch.targets()[position] != LanguageBatch.NO_LOSS) {
                    nats += crossEntropy(logits, position * 97, 97, batch.targets()[position]);
                }
            }
            assertThat(engine.loss(batch).nats()).isCloseTo(nats, within(1e-3));
            assertThat(engine.loss(batch).lossTokens()).isEqualTo(batch.lossTokens());
        }
    }

    @Test
    void classLogitsUseTheLastTokenOfEachRow() {
        ClassificationBatch batch = (ClassificationBatch) Samples.batch(CLASSIFIER, 3, 12, 1);
        int[] padded = batch.tokens().clone();
        for (int row = 0; row < 3; row++) {
            Arrays.fill(padded, row * 12 + batch.lastPositions()[row] + 1, (row + 1) * 12, 5);
        }
        try (Engine engine = Samples.engine(CLASSIFIER, DType.FLOAT32, DType.FLOAT32, true, 2)) {
            float[] logits = engine.classLogits(batch);
            assertThat(engine.classLogits(
                            new ClassificationBatch(3, 12, padded, batch.lastPositions(), batch.labels())))
                    .isEqualTo(logits);
            double nats = 0;
            for (int row = 0; row < 3; row++) {
                nats += crossEntropy(logits, row * 5, 5, batch.labels()[row]);
            }
            assertThat(engine.loss(batch).nats()).isCloseTo(nats, within(1e-4));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void overfitsASingleBatch(Precision precision) {
        Batch batch = Samples.batch(TIED, 4, 12, 1);
        try (Engine engine = Engine.create(TIED, precision, 2)) {
            engine.initialize(1);
            double first = engine.step(List.of(batch), 0.01, SETTINGS).meanLoss();
            assertThat(first).isCloseTo(Math.log(97), within(0.2));
            for (int step = 0; step < 60; step++) {
                engine.step(List.of(batch), 0.01, SETTINGS);
            }
            assertThat(engine.loss(batch).mean()).isLessThan(0.5);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Precision.class,
            names = {"FLOAT32", "BFLOAT16"})
    void aNonFiniteStepDoesNotUpdate(Precision precision) {
        try (Engine engine = Engine.create(TIED, precision, 2)) {
            engine.initialize(1);
            engine.parameters().getLast().values().setAtIndex(JAVA_FLOAT, 3, Float.NaN);
            engine.weightsChanged();
            byte[] before = engine.masterWeights().toArray(JAVA_BYTE);
            StepResult result = engine.step(List.of(Samples.batch(TIED, 2, 12, 1)), 0.01, SETTINGS);
            assertThat(result.finite()).isFalse();
            assertThat(engine.optimizerStep()).isZero();
            assertThat(engine.masterWeights().toArray(JAVA_BYTE)).isEqualTo(before);
        }
    }

    @Test
    void stepsEvaluationsAndEnginesFreeTheirTensors() {
        long before = Tensor.live();
        try (Engine engine = Engine.create(TIED, Precision.BFLOAT16, 2)) {
            engine.initialize(1);
            long resident = Tensor.live();
            for (int step = 0; step < 20; step++) {
                LanguageBatch batch = (LanguageBatch) Samples.batch(TIED, 3, 12, step);
                engine.step(List.of(batch), 0.001, SETTINGS);
                engine.loss(batch);
                engine.logits(batch);
            }
            assertThat(Tensor.live()).isEqualTo(resident);
        }
        assertThat(Tensor.live()).isEqualTo(before);
    }

    @Test
    void parametersAreNamedViewsOfTheWeights() {
        try (Engine engine = Engine.create(Samples.shapes().get(1), Precision.FLOAT32, 1)) {
            engine.initialize(1);
            assertThat(engine.parameters().stream().map(ParameterView::name))
                    .contains("model.layers.1.self_attn.k_proj.weight", "lm_head.weight", "model.norm.weight")
                    .hasSize(1 + 2 * 9 + 2);
            long elements = engine.parameters().stream()
                    .mapToLong(ParameterView::elements)
                    .sum();
            assertThat(engine.masterWeights().byteSize()).isEqualTo(4 * elements);
            assertThat(engine.parameters().getLast().values().getAtIndex(JAVA_FLOAT, 0))
                    .isEqualTo(1f);
        }
    }

    @Test
    void memoryOfAClosedEngineIsInaccessible() {
        Engine engine = Engine.create(TIED, Precision.FLOAT32, 1);
        MemorySegment weights = engine.masterWeights();
        engine.close();
        assertThatThrownBy(() -> weights.getAtIndex(JAVA_FLOAT, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void invalidBatchesAreRejectedBeforeNativeCode() {
        try (Engine engine = Engine.create(TIED, Precision.FLOAT32, 1)) {
            assertThatThrownBy(() -> engine.loss(new LanguageBatch(1, 2, new int[] {1, 97}, new int[] {1, 1})))
                    .hasMessageContaining("tokens[1] must lie in 0..96");
            assertThatThrownBy(() -> engine.loss(new LanguageBatch(1, 2, new int[] {1, 2}, new int[] {1, -1})))
                    .hasMessageContaining("target -1");
            assertThatThrownBy(() -> engine.loss(Samples.batch(TIED, 1, 13, 1)))
                    .hasMessageContaining("exceed the context of 12");
            assertThatThrownBy(() -> engine.loss(Samples.batch(CLASSIFIER, 1, 12, 1)))
                    .hasMessageContaining("cannot classify");
        }
        try (Engine engine = Engine.create(CLASSIFIER, Precision.FLOAT32, 1)) {
            assertThatThrownBy(() -> engine.loss(Samples.batch(TIED, 1, 12, 1)))
                    .hasMessageContaining("cannot predict tokens");
        }
    }

    private static double norm(double[] values) {
        return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
    }

    private static double crossEntropy(float[] logits, int from, int width, int target) {
        double sum = 0;
        for (int index = 0; index < width; index++) {
            sum += Math.exp(logits[from + index]);
        }
        return Math.log(sum) - logits[from + target];
    }
}
