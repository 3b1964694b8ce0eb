package io.rootstock.evaluation.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.evaluation.comparison.MetricDifference;
import io.rootstock.evaluation.comparison.TaskDifference;
import io.rootstock.evaluation.statistic.Interval;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateRulesTest {
    @Test
    void aThresholdHoldsForTheEndOfTheIntervalThatIsWorse() {
        assertThat(new Threshold(0.7).judge("acc", 0.75, new Interval(0.7, 0.8), true))
                .isEqualTo(new GateOutcome(true, "acc 0.7500 [0.7000, 0.8000]: the lower end is equal to 0.7000"));
        assertThat(new Threshold(0.7).judge("acc", 0.75, new Interval(0.69, 0.81), true))
                .isEqualTo(new GateOutcome(false, "acc 0.7500 [0.6900, 0.8100]: the lower end is below 0.7000"));
        assertThat(new Threshold(1.1).judge("bits_per_byte", 1.05, new Interval(1, 1.09), false))
                .isEqualTo(new GateOutcome(true, "bits_per_byte 1.050 [1.000, 1.090]: the upper end is below 1.100"));
        assertThat(new Threshold(1.1)
                        .judge("bits_per_byte", 1.09, new Interval(1.07, 1.11), false)
                        .passed())
                .isFalse();
        assertThat(new Threshold(0)
                        .judge("acc", Double.NaN, new Interval(Double.NaN, Double.NaN), true)
                        .passed())
                .isFalse();
    }

    @Test
    void betterNeedsAGainAndATestThatFindsIt() {
        BetterThanCurrent rule = new BetterThanCurrent(0.02, 0.05);
        assertThat(rule.judge(difference(0.70, 0.75, 0.03, 0.07, 0.001, true)))
                .isEqualTo(new GateOutcome(
                        true,
                        "acc 0.7500, current 0.7000: gain 0.05000 of at least 0.02000, p 0.00100 of at most 0.0500"));
        assertThat(rule.judge(difference(0.70, 0.71, 0.005, 0.015, 0.001, true)).passed())
                .isFalse();
        assertThat(rule.judge(difference(0.70, 0.75, -0.01, 0.11, 0.09, true)).reason())
                .endsWith("; these rows show differences above 0.03000, more rows show smaller ones");
        assertThat(rule.judge(difference(0.75, 0.70, -0.07, -0.03, 0.001, true)).passed())
                .isFalse();
        assertThat(rule.judge(difference(1.2, 1.1, -0.12, -0.08, 0.001, false)).passed())
                .isTrue();
        assertThat(rule.judge(difference(0.70, 0.75, Double.NaN, Double.NaN, Double.NaN, true))
                        .passed())
                .isFalse();
    }

    @Test
    void contaminationIsLimitedAndMissingDataFails() {
        LimitedContamination rule = new LimitedContamination(0.05);
        assertThat(rule.judge(40, 2, 0, List.of(), List.of()))
                .isEqualTo(new GateOutcome(
                        true, "2 of 40 rows are in the training data (0.0500): at most 0.0500 is allowed"));
        assertThat(rule.judge(40, 3, 0, List.of(), List.of()).passed()).isFalse();
        assertThat(new LimitedContamination(0)
                        .judge(40, 0, 0, List.of(), List.of())
                        .passed())
                .isTrue();
        assertThat(rule.judge(40, 0, 2, List.of(), List.of("a", "b", "c", "d", "e")))
                .isEqualTo(new GateOutcome(
                        true,
                        "0 of 40 rows are in the training data (0.0000): at most 0.0500 is allowed; 2 rows have too little"
                                + " text to be searched for; not known: a, b, c and 2 more"));
        assertThat(rule.judge(40, 0, 0, List.of("datasets/web (deleted)"), List.of()))
                .isEqualTo(new GateOutcome(
                        false,
                        "0 of 40 rows are in the training data (0.0000): at most 0.0500 is allowed; not searched:"
                                + " datasets/web (deleted)"));
        assertThat(rule.judge(0, 0, 7, List.of(), List.of()).passed()).isFalse();
        assertThatThrownBy(() -> new LimitedContamination(Double.NaN)).hasMessageContaining("maximum_share");
        assertThatThrownBy(() -> new LimitedContamination(-0.1)).hasMessageContaining("maximum_share");
    }

    @Test
    void notWorseMustExcludeALargerLoss() {
        NotWorseThanCurrent rule = new NotWorseThanCurrent(0.02);
        assertThat(rule.judge(difference(0.70, 0.70, -0.015, 0.015, 1, true)))
                .isEqualTo(new GateOutcome(
                        true, "acc 0.7000, current 0.7000: the loss is at most 0.01500, the margin 0.02000"));
        assertThat(rule.judge(difference(0.70, 0.72, 0.01, 0.03, 0.01, true)).passed())
                .isTrue();
        assertThat(rule.judge(difference(0.70, 0.70, -0.03, 0.03, 1, true)).passed())
                .isFalse();
        assertThat(rule.judge(difference(1.10, 1.10, -0.01, 0.03, 1, false)).passed())
                .isFalse();
        assertThat(rule.judge(difference(1.10, 1.10, -0.03, 0.01, 1, false)).passed())
                .isTrue();
        assertThat(rule.judge(difference(1.1, 1.1, Double.NaN, Double.NaN, Double.NaN, false))
                        .passed())
                .isFalse();
    }

    @Test
    void agreementCountsRowsWithEqualScores() {
        Agreement rule = new Agreement(0.95);
        assertThat(rule.judge(new TaskDifference("t", 1000, 10, 10, List.of())))
                .isEqualTo(
                        new GateOutcome(true, "980 of 1000 rows agree [0.9693, 0.9870]: at least 0.9500 is required"));
        assertThat(rule.judge(new TaskDifference("t", 1000, 20, 20, List.of())).passed())
                .isFalse();
    }

    @Test
    void numbersThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Threshold(Double.NaN)).hasMessageContaining("bound: must be a finite number");
        assertThatThrownBy(() -> new BetterThanCurrent(-1, 0.05))
                .hasMessageContaining("minimum_gain: must be at least 0");
        assertThatThrownBy(() -> new BetterThanCurrent(0, 0.6)).hasMessageContaining("maximum_p_value: ");
        assertThatThrownBy(() -> new NotWorseThanCurrent(Double.POSITIVE_INFINITY))
                .hasMessageContaining("margin: ");
        assertThatThrownBy(() -> new Agreement(0)).hasMessageContaining("minimum_share: ");
    }

    private static MetricDifference difference(
            double first, double second, double low, double high, double pValue, boolean higherIsBetter) {
        return new MetricDifference(
                "acc", first, second, new Interval(low, high), pValue, pValue, 0.03, higherIsBetter);
    }
}
