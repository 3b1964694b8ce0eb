package io.rootstock.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.torch.Tensor;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.BatchLimits;
import io.rootstock.trainer.engine.batch.BatchShard;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.RowSpans;
import io.rootstock.trainer.engine.model.AdapterTarget;
import io.rootstock.trainer.engine.model.Recomputation;
import io.rootstock.trainer.engine.model.Tuning;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Packed rows give the same loss and gradient as padded rows. */
class PackingTest {
    private static final ModelShape TIED = Samples.shapes().getFirst();
    private static final Tuning ADAPTERS = new Tuning.LowRank(3, 6, false, Set.of(AdapterTarget.values()));

    static Stream<Arguments> everyShapeAndTuning() {
        return Samples.shapeStream()
                .flatMap(shape -> Stream.of(new Tuning.Full(), new Tuning.LastBlocks(1), ADAPTERS)
                        .map(tuning -> Arguments.of(shape, tuning)));
    }

    @ParameterizedTest
    @MethodSource("everyShapeAndTuning")
    void lossAndGradientMatchPaddedRows(ModelShape shape, Tuning tuning) {
        List<Batch> batches = batches(shape);
        Seen padded = seen(shape, tuning, batches, new Execution(Precision.FLOAT64, 2, Recomputation.NONE, false));
        for (Recomputation recomputation : Recomputation.values()) {
            Seen packed = seen(
                    shape, tuning, batches, new Execution(Precision.FLOAT64, 2, recomputation, false).packing(true));
            assertThat(packed.loss).isCloseTo(padded.loss, within(1e-12));
            assertThat(packed.evaluated).isCloseTo(padded.evaluated, within(1e-11));
            assertThat(Samples.largestDifference(packed.gradient, padded.gradient))
                    .isLessThan(1e-12);
        }
        assertThat(Samples.largest(padded.gradient)).isGreaterThan(0.01);
    }

    @ParameterizedTest
    @MethodSource("io.rootstock.trainer.engine.Samples#shapeStream")
    void lossAndGradientMatchPaddedRowsInVectorKernels(ModelShape shape) {
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
            Seen padded = seen(shape, new Tuning.Full(), batches(shape), Execution.of(precision, 2));
            Seen packed = seen(
                    shape,
                    new Tuning.Full(),
                    batches(shape),
                    Execution.of(precision, 2).packing(true));
            boolean exact = precision == Precision.FLOAT32;
            assertThat(packed.loss).isCloseTo(padded.loss, within(exact ? 1e-5 : 2e-3));
            assertThat(Samples.largestDifference(packed.gradient, padded.gradient))
                    .isLessThan((exact ? 1e-5 : 2e-2) * Samples.largest(padded.gradient));
        }
    }

    @ParameterizedTest
    @MethodSource("everyShapeAndTuning")
    void roundingRowSpansDoesNotChangeTheResult(ModelShape shape, Tuning tuning) {
        List<Batch> batches = batches(shape);
        Execution execution = new Execution(Precision.FLOAT64, 2, Recomputation.NONE, false);
        Seen full = seen(shape, tuning, batches, execution); // rows have the context length, which is not rounded
        Seen rounded = seen(shape.withContextLength(2 * shape.contextLength()), tuning, batches, execution);
        assertThat(rounded.loss).isCloseTo(full.loss, within(1e-12));
        assertThat(rounded.evaluated).isCloseTo(full.evaluated, within(1e-11));
        assertThat(Samples.largestDifference(rounded.gradient, full.gradient)).isLessThan(1e-12);
    }

    @ParameterizedTest
    @CsvSource({"1, 8, 16", "16, 16, 48", "17, 24, 64", "33, 40, 112", "40, 40, 128"})
    void lengthsAreMultiplesOfEightAndNumbersOfPositionsOfSixteen(
            int length, int expectedLength, int expectedPositions) {
        int[] some = new int[3 * length];
        LanguageBatch batch = new LanguageBatch(3, length, some, some);
        BatchShard shard = BatchShard.split(batch, 1, BatchLimits.of(TIED.withContextLength(40)), false)
                .getFirst();
        assertThat(shard.spans().length(2)).isEqualTo(expectedLength);
        assertThat(shard.positions()).hasSize(3 * length);
        assertThat(shard.positions()).endsWith(2 * expectedLength + length - 1);
        assertThat(shard.roundedPositions()).hasSize(expectedPositions);
        assertThat(shard.roundedPositions()).startsWith(shard.positions());
    }

    @Test
    void theLossDoesNotDependOnHowRowsAreAccumulatedOrDivided() {
        Batch whole = answers(TIED, 9, 12, 3);
        List<Batch> pieces = List.of(Samples.rows(whole, 0, 2), Samples.rows(whole, 2, 9));
        Execution alone = new Execution(Precision.FLOAT64, 1, Recomputation.NONE, false).packing(true);
        Seen once = seen(TIED, new Tuning.Full(), List.of(whole), alone);
        for (int threads : new int[] {1, 2, 3, 16}) {
            Execution divided = new Execution(Precision.FLOAT64, threads, Recomputation.NONE, false).packing(true);
            Seen accumulated = seen(TIED, new Tuning.Full(), pieces, divided);
            assertThat(accumulated.loss).isCloseTo(once.loss, within(1e-12));
            assertThat(Samples.largestDifference(accumulated.gradient, once.gradient))
                    .isLessThan(1e-12);
        }
    }

    @Test
    void rowsDoNotAttendToOtherRows() {
        LanguageBatch batch = answers(TIED, 4, 12, 1);
        int[] alone = batch.targets().clone();
        Arrays.fill(alone, 0, 12, LanguageBatch.NO_LOSS);
        Arrays.fill(alone, 24, 48, LanguageBatch.NO_LOSS);
        int[] others = new SplittableRandom(9).ints(48, 0, 97).toArray();
        System.arraycopy(batch.tokens(), 12, others, 12, 12);
        Execution packed = new Execution(Precision.FLOAT64, 1, Recomputation.NONE, false).packing(true);
        try (Engine engine = Samples.engine(TIED, new Tuning.Full(), packed)) {
            double together = engine.loss(batch).nats();
            double first = engine.loss(new LanguageBatch(4, 12, others, alone)).nats();
            assertThat(first)
                    .isEqualTo(engine.loss(new LanguageBatch(4, 12, batch.tokens(), alone))
                            .nats());
            assertThat(together).isGreaterThan(first);
        }
    }

    @Test
    void stepsAndEvaluationsFreeTheirTensors() {
        for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
            long before = Tensor.live();
            try (Engine engine = Engine.create(
                    TIED, new Tuning.Full(), Execution.of(precision, 2).packing(true))) {
                engine.initialize(1);
                long resident = Tensor.live();
                for (int step = 0; step < 20; step++) {
                    LanguageBatch batch = answers(TIED, 6, 12, step);
                    engine.gradient(List.of(batch));
                    engine.loss(batch);
                }
                assertThat(Tensor.live()).isEqualTo(resident);
            }
            assertThat(Tensor.live()).isEqualTo(before);
        }
    }

    @Test
    void shardsHaveAboutEqualNumbersOfTokensRoundedUpToSixteen() {
        int[] targets = new int[4 * 8];
        Arrays.fill(targets, LanguageBatch.NO_LOSS);
        targets[1] = 5; // 2 tokens up to the last target
        targets[8 + 2] = 5; // 3
        targets[16] = 5; // 1
        targets[24 + 5] = 5; // 6
        LanguageBatch batch = new LanguageBatch(4, 8, new int[4 * 8], targets);
        assertThat(batch.lengths()).containsExactly(2, 3, 1, 6);
        List<BatchShard> shards = BatchShard.split(batch, 2, BatchLimits.of(TIED), true);
        assertThat(shards.stream().map(BatchShard::tokenCount)).containsExactly(16, 12); // the context is 12
        assertThat(shards.getFirst().positions()).containsExactly(1, 4, 5);
        assertThat(shards.getFirst().spans().starts()).containsExactly(0, 2, 5, 16);
        assertThat(BatchShard.split(batch, 2, BatchLimits.of(TIED), false).stream()
                        .map(BatchShard::tokenCount))
                .containsExactly(2 * 8, 2 * 8);
    }

    @Test
    void attentionComputesRowsOfSimilarLengthTogether() {
        RowSpans spans = new RowSpans(new int[] {0, 0, 5, 10, 17, 24, 64, 110, 156});
        assertThat(spans.blocks(0.25).stream().map(PackingTest::text))
                .containsExactly("0: [5, 5] of 8", "10: [7, 7] of 8", "24: [40, 46, 46] of 48");
        assertThat(spans.blocks(0).stream().map(PackingTest::text))
                .containsExactly("0: [5, 5] of 5", "10: [7, 7] of 7", "24: [40] of 40", "64: [46, 46] of 46");
        assertThat(new RowSpans(new int[] {0, 5, 10}).blocks(0.25).stream().map(PackingTest::text))
                .containsExactly("0: [5, 5] of 5");
    }

    private static String text(RowSpans.Block block) {
        return block.start() + ": " + Arrays.toString(block.lengths()) + " of " + block.length();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Seen(double loss, double evaluated, double[] gradient) {}

    private static Seen seen(ModelShape shape, Tuning tuning, List<Batch> batches, Execution execution) {
        try (Engine engine = Samples.engine(shape, tuning, execution)) {
            double loss = engine.gradient(batches).meanLoss();
            double evaluated = 0;
            for (Batch batch : batches) {
                evaluated += engine.loss(batch).nats();
            }
            return new Seen(loss, evaluated, engine.lastGradient());
        }
    }

    private static List<Batch> batches(ModelShape shape) {
        int length = shape.contextLength();
        return shape.classifier()
                ? List.of(Samples.batch(shape, 7, length, 1), Samples.batch(shape, 3, length - 1, 2))
                : List.of(answers(shape, 7, length, 1), Samples.pairs(shape, 3, length - 1, 0.1, 2));
    }

    /** Rows of different lengths. */
    private static LanguageBatch answers(ModelShape shape, int rows, int length, long seed) {
        LanguageBatch whole = (LanguageBatch) Samples.batch(shape, rows, length, seed);
        int[] targets = whole.targets().clone();
        SplittableRandom random = new SplittableRandom(seed);
        for (int row = 0; row < rows; row++) {
            Arrays.fill(targets, row * length + random.nextInt(1, length), (row + 1) * length, LanguageBatch.NO_LOSS);
        }
        return new LanguageBatch(rows, length, whole.tokens(), targets);
    }
}
