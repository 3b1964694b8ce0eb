package io.rootstock.evaluation.metric.classes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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

    /** Expected values: scikit-learn 1.9.1. */
    @Test
    void averagesAndMatthewsCorrelationHaveTheValuesOfScikitLearn() {
        int[] labels = {0, 0, 2, 1, 1, 2, 2, 0};
        int[] predicted = {0, 1, 2, 1, 0, 2, 1, 0};
        assertThat(score(ClassMetric.ACCURACY, labels, predicted)).isCloseTo(0.625, within(1e-12));
        assertThat(score(ClassMetric.MICRO_F1, labels, predicted)).isCloseTo(0.625, within(1e-12));
        assertThat(score(ClassMetric.MACRO_F1, labels, predicted)).isCloseTo(0.6222222222222222, within(1e-12));
        assertThat(score(ClassMetric.WEIGHTED_F1, labels, predicted)).isCloseTo(0.65, within(1e-12));
        assertThat(score(ClassMetric.MATTHEWS_CORRELATION, labels, predicted))
                .isCloseTo(0.4523809523809524, within(1e-12));
        assertThat(score(ClassMetric.MATTHEWS_CORRELATION, new int[] {0, 0, 2, 1}, new int[] {0, 1, 2, 1}))
                .isCloseTo(0.7, within(1e-12));
    }

    @Test
    void matthewsCorrelationIs0WhereItIsUndefined() {
        assertThat(score(ClassMetric.MATTHEWS_CORRELATION, new int[] {1, 1}, new int[] {0, 1}))
                .isZero();
        assertThat(score(ClassMetric.MATTHEWS_CORRELATION, new int[0], new int[0]))
                .isZero();
    }

    @Test
    void weightsRepeatRows() {
        ClassRows rows = new ClassRows(ClassMetric.ACCURACY, 2, new int[] {0, 1, 1}, new int[] {0, 0, 1});
        assertThat(rows.score(new int[] {0, 3, 1})).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void refusesClassesOutOfRange() {
        assertThatThrownBy(() -> score(ClassMetric.ACCURACY, new int[] {0, 3}, new int[] {0, 1}))
                .hasMessage("row 1: class 3 is not between 0 and 2");
        assertThatThrownBy(() -> score(ClassMetric.ACCURACY, new int[] {0}, new int[] {0, 1}))
                .hasMessage("1 labels but 2 predictions");
    }

    private static double score(ClassMetric metric, int[] labels, int[] predicted) {
        return new ClassRows(metric, 3, labels, predicted).score();
    }
}
