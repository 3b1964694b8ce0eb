package io.rootstock.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    @Test
    void computesTheMetricsOfEachClassAndOfAll() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        int[][] rows = {{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}};
        for (int[] row : rows) {
            matrix.add(row[0], row[1]);
        }
        assertThat(matrix.rows()).isEqualTo(5);
        assertThat(matrix.count(0, 0)).isEqualTo(2);
        assertThat(matrix.count(1, 0)).isEqualTo(1);
        assertThat(matrix.precision(0)).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(matrix.recall(0)).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(matrix.f1(1)).isCloseTo(0.5, within(1e-12));
        assertThat(matrix.f1(2)).isZero();
        assertThat(matrix.actual(0)).isEqualTo(3);
        assertThat(matrix.accuracy()).isCloseTo(0.6, within(1e-12));
        assertThat(matrix.majorityAccuracy()).isCloseTo(0.6, within(1e-12));
        assertThat(matrix.macroF1()).isCloseTo((2.0 / 3 + 0.5) / 2, within(1e-12));
    }

    @Test
    void predictsTheHighestScoreAndReturnsTheCrossEntropy() {
        ConfusionMatrix matrix = new ConfusionMatrix(2);
        double nats = matrix.add(1, new float[] {9, 0, (float) Math.log(3)}, 1);
        assertThat(nats).isCloseTo(Math.log(4.0 / 3), within(1e-6));
        assertThat(matrix.count(1, 1)).isEqualTo(1);
    }
}
