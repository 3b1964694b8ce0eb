package io.rootstock.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.engine.model.Tuning;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients are bit-identical with and without activation recomputation. */
class RecomputationTest {
    private static final Tuning ADAPTERS = new Tuning.LowRank(3, 6, false, Set.of(AdapterTarget.values()));

    static Stream<Arguments> everyShapeInOtherPrecisions() {
        return Samples.shapeStream()
                .flatMap(shape -> Stream.of(Precision.values())
                        .filter(precision -> precision != Precision.FLOAT32)
                        .map(precision -> Arguments.of(shape, precision)));
    }

    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void gradientsAreBitIdentical(ModelShape shape) {
        requireBitIdentical(shape, Precision.FLOAT32);
    }

    @ParameterizedTest
    @Tag("matrix")
    @MethodSource("everyShapeInOtherPrecisions")
    void gradientsInOtherPrecisionsAreBitIdentical(ModelShape shape, Precision precision) {
        requireBitIdentical(shape, precision);
    }

    private static void requireBitIdentical(ModelShape shape, Precision precision) {
        for (Tuning tuning : List.of(new Tuning.Full(), new Tuning.LastBlocks(1), ADAPTERS)) {
            double[] kept = gradient(shape, tuning, precision, Recomputation.NONE);
            assertThat(Arrays.stream(kept)).anyMatch(value -> value != 0);
            assertThat(gradient(shape, tuning, precision, Recomputation.ATTENTION))
                    .containsExactly(kept);
            assertThat(gradient(shape, tuning, precision, Recomputation.BLOCK)).containsExactly(kept);
        }
    }

    private static double[] gradient(
            ModelShape shape, Tuning tuning, Precision precision, Recomputation recomputation) {
        Execution execution = Execution.of(precision, 2).with(recomputation);
        try (Engine engine = Samples.engine(shape, tuning, execution)) {
            engine.gradient(List.of(Samples.batch(shape, 4, shape.contextLength(), 3)));
            return engine.lastGradient();
        }
    }
}
