package io.rootstock.trainer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MicroBatchesTest {
    @Test
    void shortRowsAreOneMicroBatch() {
        MicroBatches.Division step = new MicroBatches(670, 2, 48, false).divide(equal(16, 24));
        assertThat(step.ranges()).containsExactly(new MicroBatches.Range(0, 16, 16 * 24));
        assertThat(step.realTokens()).isEqualTo(16 * 24);
    }

    @Test
    void aMicroBatchHasAtMostMaxTokensExceptASingleLongerRow() {
        int[] lengths = {30, 40, 200, 250, 600, 3000};
        List<MicroBatches.Range> ranges =
                new MicroBatches(512, 1, 48, false).divide(lengths).ranges();
        assertThat(ranges.getLast()).isEqualTo(new MicroBatches.Range(5, 6, 3008));
        assertThat(ranges)
                .allSatisfy(range ->
                        assertThat(range.tokens() <= 512 || range.rows() == 1).isTrue());
    }

    /** Padding a row of 20 tokens to 500 costs more than another micro-batch; padding it to 30 costs less. */
    @Test
    void rowsAreSplitWherePaddingCostsMoreThanAMicroBatch() {
        MicroBatches division = new MicroBatches(10_000, 1, 48, false);
        assertThat(division.divide(new int[] {20, 20, 500, 500}).ranges())
                .containsExactly(new MicroBatches.Range(0, 2, 48), new MicroBatches.Range(2, 4, 1024));
        assertThat(division.divide(new int[] {20, 20, 30, 30}).ranges()).hasSize(1);
    }

    @Test
    void everyRowIsInExactlyOneMicroBatch() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 50; round++) {
            int[] lengths = random.ints(random.nextInt(1, 40), 1, 300).sorted().toArray();
            MicroBatches division = new MicroBatches(1000, 2, 48, false);
            MicroBatches.Division step = division.divide(lengths);
            int next = 0;
            for (MicroBatches.Range range : step.ranges()) {
                assertThat(range.from()).isEqualTo(next);
                next = range.to();
            }
            assertThat(next).isEqualTo(lengths.length);
            assertThat(step.realTokens()).isEqualTo(IntStream.of(lengths).sum());
            assertThat(step.tokens()).isGreaterThanOrEqualTo(step.realTokens());
            assertThat(division.divide(lengths)).isEqualTo(step);
        }
    }

    @Test
    void packedRowsFillMicroBatchesWithoutPadding() {
        MicroBatches division = new MicroBatches(512, 2, 48, true);
        assertThat(division.divide(new int[] {20, 20, 200, 260}).ranges())
                .containsExactly(new MicroBatches.Range(0, 4, 500));
        MicroBatches.Division step = division.divide(new int[] {100, 100, 100, 200, 700});
        assertThat(step.ranges()).containsExactly(new MicroBatches.Range(0, 4, 500), new MicroBatches.Range(4, 5, 700));
        assertThat(step.realTokens()).isEqualTo(1200);
    }

    @Test
    void aMillionRowsAreDividedInOneCall() {
        assertThat(new MicroBatches(4096, 2, 48, false)
                        .divide(equal(1 << 20, 16))
                        .ranges())
                .hasSize(1 << 12);
    }

    private static int[] equal(int rows, int length) {
        int[] lengths = new int[rows];
        Arrays.fill(lengths, length);
        return lengths;
    }
}
