package io.rootstock.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabelCountsTest {
    @Test
    void balancedWeightsGiveEveryClassTheSameShare() {
        double[] weights = LabelCounts.balanced(new long[] {80, 15, 5});
        assertThat(weights[0] * 80).isEqualTo(weights[1] * 15).isEqualTo(weights[2] * 5);
        assertThat(weights[0] * 80 + weights[1] * 15 + weights[2] * 5).isEqualTo(100);
    }

    @Test
    void aClassWithoutRowsCountsAsOneRow() {
        assertThat(LabelCounts.balanced(new long[] {4, 0})).containsExactly(0.5, 2);
    }
}
