package io.rootstock.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.torch.DType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LabelLossTest {
    private static final ModelShape SHAPE = Samples.shapes().getLast();
    private static final double[] WEIGHTS = {0.5, 1, 3, 0.25, 2};

    static Stream<LabelLoss> losses() {
        return Stream.of(new LabelLoss(WEIGHTS, 0), new LabelLoss(new double[0], 0.2), new LabelLoss(WEIGHTS, 0.1));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void weightsAndSmoothingAreThoseOfPyTorch(LabelLoss loss) {
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
        Batch whole = batch(new LabelLoss(WEIGHTS, 0.1), 6);
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
    void weightsForAnotherNumberOfClassesAreRefused() {
        try (Engine engine = Samples.float64(SHAPE)) {
            Batch batch = batch(new LabelLoss(new double[] {1, 2}, 0), 2);
            assertThatThrownBy(() -> engine.gradient(List.of(batch))).hasMessageContaining("2 class weights for 5");
        }
        assertThatThrownBy(() -> new LabelLoss(new double[] {1, 0}, 0)).hasMessageContaining("above 0");
    }

    private static Batch batch(LabelLoss loss, int rows) {
        ClassificationBatch plain = (ClassificationBatch) Samples.batch(SHAPE, rows, SHAPE.contextLength(), 1);
        return new ClassificationBatch(
                plain.rows(), plain.length(), plain.tokens(), plain.lastPositions(), plain.labels(), loss);
    }
}
