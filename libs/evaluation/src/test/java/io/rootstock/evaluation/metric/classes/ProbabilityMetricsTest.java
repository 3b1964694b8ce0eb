package io.rootstock.evaluation.metric.classes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Expected values: scikit-learn 1.9.1. */
class ProbabilityMetricsTest {
    private static final double[] SCORES = {.1, .4, .4, .8, .4, .9};
    private static final boolean[] POSITIVE = {false, false, true, true, false, true};
    private static final double[][] PROBABILITIES = {
        {.7, .2, .1}, {.2, .5, .3}, {.1, .1, .8}, {.4, .4, .2}, {.3, .3, .4}
    };
    private static final int[] LABELS = {0, 1, 2, 1, 0};

    @Test
    void equalScoresCountAsAHalfInTheRocArea() {
        assertThat(new RocAuc(SCORES, POSITIVE).score()).isCloseTo(8.0 / 9, within(1e-12));
        assertThat(new RocAuc(new double[] {1, 1}, new boolean[] {true, false}).score())
                .isEqualTo(0.5);
    }

    @Test
    void rocAreasOfClassesAgainstTheRestAreAveraged() {
        assertThat(RocAuc.oneVersusRest(PROBABILITIES, LABELS, false)).isCloseTo(0.9444444444444445, within(1e-12));
        assertThat(RocAuc.oneVersusRest(PROBABILITIES, LABELS, true)).isCloseTo(0.9333333333333333, within(1e-12));
    }

    @Test
    void rocAreaOfOneClassIsUndefined() {
        assertThat(new RocAuc(new double[] {1, 2}, new boolean[] {true, true}).score())
                .isNaN();
        assertThat(RocAuc.oneVersusRest(new double[0][], new int[0], false)).isNaN();
        // Class 2 has no rows and is left out.
        assertThat(RocAuc.oneVersusRest(new double[][] {{.9, .1, 0}, {.2, .7, .1}}, new int[] {0, 1}, false))
                .isEqualTo(1);
    }

    @Test
    void weightsRepeatRowsInTheRocArea() {
        RocAuc rows = new RocAuc(new double[] {.1, .5, .3, .7}, new boolean[] {false, false, true, true});
        RocAuc repeated =
                new RocAuc(new double[] {.1, .5, .5, .3, .7}, new boolean[] {false, false, false, true, true});
        assertThat(rows.score(new int[] {1, 2, 1, 1})).isEqualTo(repeated.score());
        assertThat(rows.score(new int[] {0, 0, 1, 1})).isNaN();
    }

    @Test
    void brierScoresHaveTheValuesOfScikitLearn() {
        assertThat(BrierScore.binary(SCORES, POSITIVE)).isCloseTo(0.12333333333333335, within(1e-12));
        assertThat(BrierScore.multiclass(PROBABILITIES, LABELS)).isCloseTo(0.376, within(1e-12));
    }

    @Test
    void calibrationBinsContainTheirUpperEnd() {
        Calibration calibration = Calibration.of(
                new double[] {0, .1, .3, .30000000000000004, .55, .9, 1},
                new boolean[] {false, true, false, true, true, true, false},
                10);
        assertThat(calibration.bins().stream().map(Calibration.Bin::number)).containsExactly(0, 2, 5, 8, 9);
        assertThat(calibration.bins().stream().map(Calibration.Bin::observed)).containsExactly(.5, .5, 1.0, 1.0, 0.0);
        assertThat(calibration.bins().getFirst().probability()).isCloseTo(0.05, within(1e-12));
        assertThat(calibration.expectedError()).isCloseTo(2.85 / 7, within(1e-12));
        assertThat(calibration.maximumError()).isEqualTo(1);
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> new RocAuc(new double[] {0, Double.NaN}, new boolean[2]))
                .hasMessage("row 1: the score is NaN");
        assertThatThrownBy(() -> new RocAuc(new double[1], new boolean[2])).hasMessage("1 scores but 2 labels");
        assertThatThrownBy(() -> RocAuc.oneVersusRest(PROBABILITIES, new int[] {0, 1, 3, 1, 0}, false))
                .hasMessage("row 2: class 3 and 3 scores, but there are 3 classes");
        assertThatThrownBy(() -> BrierScore.binary(new double[] {1.5}, new boolean[1]))
                .hasMessage("row 0: probability 1.5 is not between 0 and 1");
        assertThatThrownBy(() -> BrierScore.multiclass(new double[][] {{.5, Double.NaN}}, new int[1]))
                .hasMessage("row 0, class 1: probability NaN is not between 0 and 1");
        assertThatThrownBy(() -> BrierScore.multiclass(new double[][] {{.5, .5}}, new int[] {2}))
                .hasMessage("row 0: class 2 is not between 0 and 1");
        assertThatThrownBy(() -> Calibration.of(new double[1], new boolean[1], 0))
                .hasMessage("0 calibration bins: not between 1 and 10000");
    }
}
