package io.rootstock.evaluation.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.metric.classes.RocAuc;
import io.rootstock.evaluation.metric.text.Bleu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final int ROWS = 400;

    @Test
    void theErrorOfAMeanIsTheErrorOfTheSample() {
        double[] values = normalValues();
        Estimate estimate = Bootstrap.DEFAULT.estimate(WeightedRows.mean(values));
        MeanEstimate expected = MeanEstimate.of(values);
        assertThat(estimate.value()).isCloseTo(expected.mean(), within(1e-12));
        assertThat(estimate.standardError()).isCloseTo(expected.standardError(), within(0.002));
        assertThat(estimate.interval().low()).isCloseTo(expected.interval(0.95).low(), within(0.006));
        assertThat(estimate.interval().high()).isCloseTo(expected.interval(0.95).high(), within(0.006));
        assertThat(estimate.resamples()).isEqualTo(10_000);
    }

    @Test
    void thePairedTestFindsADifferenceThatUnpairedErrorsHide() {
        double[] first = normalValues();
        Random random = new Random(2);
        double[] second = Arrays.stream(first)
                .map(value -> value + 0.05 + 0.1 * random.nextGaussian())
                .toArray();
        PairedDifference compared = Bootstrap.DEFAULT.compare(WeightedRows.mean(first), WeightedRows.mean(second));
        assertThat(compared.difference().value()).isCloseTo(compared.second() - compared.first(), within(1e-12));
        assertThat(compared.difference().standardError()).isLessThan(0.006);
        assertThat(compared.difference().interval().contains(0)).isFalse();
        assertThat(compared.pValue()).isCloseTo(1.0 / 10_001, within(1e-12));
    }

    @Test
    void equalSystemsHavePValue1() {
        WeightedRows rows = WeightedRows.mean(normalValues());
        PairedDifference compared = Bootstrap.DEFAULT.compare(rows, rows);
        assertThat(compared.pValue()).isEqualTo(1);
        assertThat(compared.difference().interval()).isEqualTo(new Interval(0, 0));
    }

    @Test
    void theSameSeedGivesTheSameResamplesToAllMetrics() {
        WeightedRows rows = WeightedRows.mean(normalValues());
        assertThat(Bootstrap.DEFAULT.estimate(rows)).isEqualTo(Bootstrap.DEFAULT.estimate(rows));
        assertThat(new Bootstrap(10_000, 5, 0.95).estimate(rows)).isNotEqualTo(Bootstrap.DEFAULT.estimate(rows));
    }

    /** Pins the random sequence, so that stored results can be computed again with another Java version. */
    @Test
    void drawsOfASeedArePinned() {
        int[] weights = new int[8];
        Resampling.rows(8).draw(new SplittableRandom(1234), weights);
        assertThat(weights).containsExactly(0, 2, 1, 1, 1, 3, 0, 0);
    }

    @Test
    void rowsOfAClusterAreDrawnTogether() {
        double[] values = new double[ROWS];
        int[] clusters = new int[ROWS];
        Random random = new Random(3);
        for (int cluster = 0; cluster < ROWS / 10; cluster++) {
            double common = random.nextGaussian();
            Arrays.fill(values, 10 * cluster, 10 * cluster + 10, common);
            Arrays.fill(clusters, 10 * cluster, 10 * cluster + 10, cluster);
        }
        WeightedRows rows = WeightedRows.mean(values);
        double single = Bootstrap.DEFAULT.estimate(rows).standardError();
        double clustered =
                Bootstrap.DEFAULT.estimate(rows, Resampling.clusters(clusters)).standardError();
        assertThat(clustered / single).isCloseTo(Math.sqrt(10), within(0.1));
        int[] weights = new int[ROWS];
        Resampling.clusters(clusters).draw(new SplittableRandom(1), weights);
        assertThat(Arrays.stream(weights).sum()).isEqualTo(ROWS);
        for (int row = 0; row < ROWS; row++) {
            assertThat(weights[row]).isEqualTo(weights[row - row % 10]);
        }
    }

    @Test
    void corpusMetricsAreResampledFromTheirStatistics() {
        List<double[]> rows = new ArrayList<>();
        for (int row = 0; row < 50; row++) {
            String text = row % 3 == 0 ? "the dog bit the old man ." : "a man was bitten by the dog .";
            rows.add(Bleu.DEFAULT.statistics(text, List.of("the dog bit the man .")));
        }
        Estimate estimate = Bootstrap.DEFAULT.estimate(WeightedRows.of(Bleu.DEFAULT, rows));
        assertThat(estimate.interval().contains(estimate.value())).isTrue();
        assertThat(estimate.standardError()).isBetween(1.0, 10.0);
    }

    @Test
    void undefinedResamplesDoNotCount() {
        WeightedRows rows =
                new RocAuc(new double[] {.1, .2, .3, .4, .5}, new boolean[] {false, false, true, false, true});
        int defined = Bootstrap.DEFAULT.estimate(rows).resamples();
        // 1 - 0.6^5 - 0.4^5
        assertThat(defined / 10_000.0).isCloseTo(0.912, within(0.01));
        WeightedRows single = new RocAuc(new double[] {.1, .2}, new boolean[] {false, true});
        assertThatThrownBy(() -> new Bootstrap(1000, 2, 0.95).estimate(single, Resampling.clusters(new int[] {0, 1})))
                .hasMessageMatching("the metric is undefined on \\d+ of 1000 resamples of 2 units: .*");
    }

    @Test
    void refusesUnequalRowsAndValuesOutOfRange() {
        WeightedRows two = WeightedRows.mean(new double[2]);
        WeightedRows three = WeightedRows.mean(new double[3]);
        assertThatThrownBy(() -> Bootstrap.DEFAULT.compare(two, three))
                .hasMessage("bootstrap of 3 rows with units of 2 rows");
        assertThatThrownBy(() -> Bootstrap.DEFAULT.estimate(WeightedRows.mean(new double[0])))
                .hasMessage("bootstrap of 0 rows");
        assertThatThrownBy(() -> new Bootstrap(1, 0, 0.95)).hasMessage("1 resamples: not between 2 and 1000000");
        assertThatThrownBy(() -> Resampling.clusters(new int[] {0, 2, 2})).hasMessage("cluster 1 has no rows");
        assertThatThrownBy(() -> Resampling.clusters(new int[] {0, -1}))
                .hasMessage("row 1: cluster -1 of 2 rows: clusters are numbered from 0 without gaps");
    }

    private static double[] normalValues() {
        Random random = new Random(1);
        double[] values = new double[ROWS];
        Arrays.setAll(values, row -> random.nextGaussian());
        return values;
    }
}
