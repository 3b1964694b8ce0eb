package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.trainer.v1.ClassificationReport;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    @Test
    void aReportContainsTheMetricsOfEachClass() {
        ConfusionMatrix matrix = new ConfusionMatrix(3);
        int[][] rows = {{0, 0}, {0, 0}, {0, 1}, {1, 1}, {1, 0}};
        for (int[] row : rows) {
            float[] scores = new float[3];
            scores[row[1]] = 1;
            matrix.add(row[0], scores, 0);
        }
        ClassificationReport report = matrix.report(List.of("ham", "spam", "other"));
        assertThat(report.getConfusionList()).containsExactly(2L, 1L, 0L, 1L, 1L, 0L, 0L, 0L, 0L);
        assertThat(report.getClasses(0).getLabel()).isEqualTo("ham");
        assertThat(report.getClasses(0).getPrecision()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(report.getClasses(0).getRecall()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(report.getClasses(1).getF1()).isCloseTo(0.5, within(1e-12));
        assertThat(report.getClasses(2).getF1()).isZero();
        assertThat(report.getClasses(0).getRows()).isEqualTo(3);
        assertThat(matrix.accuracy()).isCloseTo(0.6, within(1e-12));
        assertThat(matrix.macroF1()).isCloseTo((2.0 / 3 + 0.5) / 2, within(1e-12));
    }
}
