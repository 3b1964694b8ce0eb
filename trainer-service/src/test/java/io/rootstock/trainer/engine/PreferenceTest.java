package io.rootstock.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.DType;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PreferenceTest {
    private static final Optimizer.Settings SETTINGS = new Optimizer.Settings(0.9, 0.95, 1e-8, 0, 1);
    private static final Tuning.LowRank ADAPTERS = new Tuning.LowRank(3, 6, false, EnumSet.allOf(AdapterTarget.class));

    static Stream<Arguments> models() {
        return Samples.shapes().stream()
                .filter(shape -> !shape.classifier())
                .flatMap(shape -> Stream.of(new Tuning.Full(), ADAPTERS).map(tuning -> Arguments.of(shape, tuning)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void gradientsMatchAutograd(ModelShape shape, Tuning tuning) {
        PreferenceBatch batch = Samples.pairs(shape, 3, shape.contextLength(), 0.3, 1);
        double[] exact;
        double exactLoss;
        try (Engine engine = Samples.float64(shape, tuning)) {
            exactLoss = engine.gradient(List.of(batch)).meanLoss();
            exact = engine.lastGradient();
            assertThat(Samples.largest(exact)).isGreaterThan(0.01);
            assertThat(Samples.largestDifference(exact, AutogradOracle.gradients(engine, batch)))
                    .isLessThan(1e-11);
            assertThat(engine.loss(batch).mean()).isCloseTo(exactLoss, within(1e-12));
        }
        try (Engine engine = Samples.engine(shape, DType.FLOAT32, DType.FLOAT32, true, 2, tuning)) {
            assertThat(engine.gradient(List.of(batch)).meanLoss()).isCloseTo(exactLoss, within(1e-4));
            assertThat(Samples.largestDifference(engine.lastGradient(), exact))
                    .isLessThan(1e-4 * Samples.largest(exact));
        }
    }

    @Test
    void theGradientDoesNotDependOnHowPairsAreDivided() {
        ModelShape shape = Samples.shapes().getFirst();
        PreferenceBatch whole = Samples.pairs(shape, 5, shape.contextLength(), 0.3, 1);
        double[] expected = null;
        for (int threads : new int[] {1, 2, 8}) {
            try (Engine engine = Samples.engine(shape, DType.FLOAT64, DType.FLOAT64, false, threads)) {
                engine.gradient(List.of(whole));
                double[] gradient = engine.lastGradient();
                expected = expected == null ? gradient : expected;
                assertThat(Samples.largestDifference(gradient, expected)).isLessThan(1e-13);
                engine.gradient(List.of(Samples.rows(whole, 0, 2), Samples.rows(whole, 2, 10)));
                assertThat(Samples.largestDifference(engine.lastGradient(), expected))
                        .isLessThan(1e-13);
            }
        }
    }

    @Test
    void marginsAreZeroWhenTheModelIsTheReference() {
        ModelShape shape = Samples.shapes().getFirst();
        PreferenceBatch pairs = Samples.pairs(shape, 4, shape.contextLength(), 0.3, 1);
        try (Engine engine = Samples.float64(shape)) {
            double[] own = engine.logProbabilities(pairs);
            PreferenceBatch even = new PreferenceBatch(4, pairs.length(), pairs.tokens(), pairs.targets(), own, 0.3);
            assertThat(engine.loss(even).mean()).isCloseTo(Math.log(2), within(1e-12));
            for (int step = 0; step < 20; step++) {
                engine.step(List.of(even), 0.003, SETTINGS);
            }
            double[] margins = even.margins(engine.logProbabilities(even));
            assertThat(Arrays.stream(margins)).allMatch(margin -> margin > 1);
        }
    }

    @Test
    void classifiersRejectPreferencePairs() {
        ModelShape classifier = Samples.shapes().getLast();
        PreferenceBatch pairs = Samples.pairs(Samples.shapes().getFirst(), 2, 12, 0.3, 1);
        try (Engine engine = Samples.float64(classifier)) {
            assertThatThrownBy(() -> engine.loss(pairs)).hasMessageContaining("cannot be trained on preference pairs");
        }
    }
}
