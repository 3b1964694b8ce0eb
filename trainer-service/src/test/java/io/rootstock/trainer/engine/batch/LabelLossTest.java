package io.rootstock.trainer.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.trainer.engine.AutogradOracle;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.Samples;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LabelLossTest {
    private static final ModelShape SHAPE = Samples.shapes().getLast();
    private static final double[] WEIGHTS = {0.5, 1, 3, 0.25, 2};

    static Stream<LabelLoss> losses() {
        return Stream.of(
                new LabelLoss(WEIGHTS, 0, 0), new LabelLoss(new double[0], 0.2, 0), new LabelLoss(WEIGHTS, 0.1, 0));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void weightsAndSmoothingMatchPyTorch(LabelLoss loss) {
        Batch batch = batch(loss, 6);
        double[] exact;
        double exactLoss;
        try (Engine engine = Samples.float64(SHAPE)) {
            exactLoss = engine.gradient(List.of(batch)).meanLoss();
            exact = engine.lastGradient();
            assertThat(Samples.largestDifference(exact, AutogradOracle.gradients(engine, batch)))
                    .isLessThan(1e-11);
        }
        for (boolean vectorKernels : new boolean[] {true, false}) {
            try (Engine engine = Samples.engine(SHAPE, DType.FLOAT32, DType.FLOAT32, vectorKernels, 2)) {
                assertThat(engine.gradient(List.of(batch)).meanLoss()).isCloseTo(exactLoss, within(1e-5 * exactLoss));
                assertThat(Samples.largestDifference(engine.lastGradient(), exact))
                        .isLessThan(2e-5 * Samples.largest(exact));
            }
        }
    }

    @Test
    void theGradientDoesNotDependOnHowWeightedRowsAreAccumulated() {
        Batch whole = batch(new LabelLoss(WEIGHTS, 0.1, 0), 6);
        List<Batch> parts = List.of(Samples.rows(whole, 0, 1), Samples.rows(whole, 1, 4), Samples.rows(whole, 4, 6));
        try (Engine engine = Samples.float64(SHAPE)) {
            engine.gradient(List.of(whole));
            double[] expected = engine.lastGradient();
            engine.gradient(parts);
            assertThat(Samples.largestDifference(engine.lastGradient(), expected))
                    .isLessThan(1e-13);
        }
    }

    @Test
    void prefixLossIncreasesTowardsTheEnd() {
        LabelLoss loss = new LabelLoss(WEIGHTS, 0, 0.4);
        assertThat(loss.shares(4)).containsExactly(new double[] {0, 0.4 / 6, 0.8 / 6, 1.2 / 6, 0.6}, within(1e-15));
        assertThat(loss.shares(1)).containsExactly(0, 1);
        assertThat(loss.shares(0)).containsExactly(1);
        assertThatThrownBy(() -> new LabelLoss(WEIGHTS, 0.1, 0.4)).hasMessageContaining("label smoothing");
    }

    @Test
    void theGradientIsTheWeightedSumOverPrefixes() {
        LabelLoss loss = new LabelLoss(WEIGHTS, 0, 0.4);
        ClassificationBatch row = (ClassificationBatch) batch(loss, 1);
        double[] shares = loss.shares(row.lastPositions()[0]);
        try (Engine engine = Samples.float64(SHAPE)) {
            double[] expected = new double[0];
            double expectedLoss = 0;
            for (int position = 1; position < shares.length; position++) {
                ClassificationBatch prefix = new ClassificationBatch(
                        1, row.length(), row.tokens(), new int[] {position}, row.labels(), LabelLoss.PLAIN);
                expectedLoss +=
                        shares[position] * engine.gradient(List.of(prefix)).meanLoss();
                double[] gradient = engine.lastGradient();
                expected = expected.length == 0 ? new double[gradient.length] : expected;
                for (int index = 0; index < gradient.length; index++) {
                    expected[index] += shares[position] * gradient[index];
                }
            }
            assertThat(engine.gradient(List.of(row)).meanLoss()).isCloseTo(expectedLoss, within(1e-13));
            assertThat(Samples.largestDifference(engine.lastGradient(), expected))
                    .isLessThan(1e-13);
            assertThat(engine.classLogits(row)).hasSize(SHAPE.classes());
        }
    }

    @Test
    void classWeightsOfWrongLengthAreRejected() {
        try (Engine engine = Samples.float64(SHAPE)) {
            Batch batch = batch(new LabelLoss(new double[] {1, 2}, 0, 0), 2);
            assertThatThrownBy(() -> engine.gradient(List.of(batch))).hasMessageContaining("2 class weights for 5");
        }
        assertThatThrownBy(() -> new LabelLoss(new double[] {1, 0}, 0, 0)).hasMessageContaining("above 0");
    }

    private static Batch batch(LabelLoss loss, int rows) {
        ClassificationBatch plain = (ClassificationBatch) Samples.batch(SHAPE, rows, SHAPE.contextLength(), 1);
        return new ClassificationBatch(
                plain.rows(), plain.length(), plain.tokens(), plain.lastPositions(), plain.labels(), loss);
    }
}
