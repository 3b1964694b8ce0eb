package io.rootstock.evaluation.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: SciPy 1.17.1, {@code binomtest} and {@code norm}. */
class TestsAndIntervalsTest {
    @ParameterizedTest
    @CsvSource({
        "15, 4, 0.0192108154296875",
        "60, 40, 0.05688793364098089",
        "1500, 1600, 0.07537169707532781",
        "1, 0, 1",
        "0, 2, 0.5",
        "7, 7, 1",
        "0, 0, 1"
    })
    void mcNemarHasTheValuesOfTheBinomialTest(long onlyFirst, long onlySecond, double expected) {
        assertThat(McNemar.of(onlyFirst, onlySecond).pValue()).isCloseTo(expected, within(1e-12));
        assertThat(McNemar.of(onlySecond, onlyFirst).pValue()).isCloseTo(expected, within(1e-12));
    }

    @Test
    void mcNemarCountsTheRowsThatDiffer() {
        boolean[] first = {true, true, false, false, true};
        boolean[] second = {true, false, true, false, false};
        assertThat(McNemar.of(first, second)).isEqualTo(new McNemar(2, 1, 1));
        assertThatThrownBy(() -> McNemar.of(first, new boolean[2]))
                .hasMessage("5 rows of one system but 2 of the other");
        assertThatThrownBy(() -> McNemar.of(-1, 0)).hasMessage("McNemar's test of -1 and 0 rows: below 0");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 10, 0, 0.27753279986288926",
        "10, 10, 0.7224672001371109, 1",
        "37, 50, 0.6044684273515115, 0.8412847250644762"
    })
    void wilsonIntervalsHaveTheValuesOfSciPy(long successes, long rows, double low, double high) {
        Interval interval = new Proportion(successes, rows).wilson(0.95);
        assertThat(interval.low()).isCloseTo(low, within(1e-12));
        assertThat(interval.high()).isCloseTo(high, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"500, 2.2", "1000, 1.6", "3080, 0.9"})
    void halfOfTheRowsHasTheErrorOfTheDesignPage(long rows, double points) {
        assertThat(100 * new Proportion(rows / 2, rows).standardError()).isCloseTo(points, within(0.05));
    }

    @Test
    void normalIntervalsAreCutAtTheEnds() {
        Interval interval = new Proportion(37, 50).normal(0.95);
        double half = 1.959963984540054 * Math.sqrt(0.74 * 0.26 / 50);
        assertThat(interval.low()).isCloseTo(0.74 - half, within(1e-12));
        assertThat(interval.high()).isCloseTo(0.74 + half, within(1e-12));
        assertThat(new Proportion(1, 10).normal(0.99).low()).isZero();
        assertThat(new Proportion(10, 10).normal(0.99)).isEqualTo(new Interval(1, 1));
        assertThat(interval.contains(0.74)).isTrue();
        assertThat(interval.contains(0.5)).isFalse();
    }

    @Test
    void meansHaveTheErrorOfTheSample() {
        MeanEstimate estimate = MeanEstimate.of(new double[] {1, 2, 3, 4});
        assertThat(estimate.mean()).isEqualTo(2.5);
        assertThat(estimate.standardError()).isCloseTo(Math.sqrt(5.0 / 3 / 4), within(1e-12));
        assertThat(estimate.interval(0.95).high())
                .isCloseTo(2.5 + 1.959963984540054 * estimate.standardError(), within(1e-12));
        assertThat(MeanEstimate.of(new double[] {1}).standardError()).isNaN();
        assertThatThrownBy(() -> MeanEstimate.of(new double[0])).hasMessage("mean of 0 values");
    }

    /** Quantiles: closed forms for 2 and 3 values, else published tables. */
    @ParameterizedTest
    @CsvSource({
        "2, 0.95, 12.706204736174696, 1e-9",
        "3, 0.95, 4.302652729749464, 1e-9",
        "3, 0.99, 9.924843200918286, 1e-9",
        "11, 0.95, 2.228, 5e-4",
        "1001, 0.95, 1.962, 5e-4"
    })
    void intervalsOfFewValuesAreThoseOfStudent(int rows, double confidence, double quantile, double digits) {
        double[] values = new double[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = i * i;
        }
        MeanEstimate estimate = MeanEstimate.of(values);
        Interval interval = estimate.studentInterval(confidence);
        assertThat((interval.high() - estimate.mean()) / estimate.standardError())
                .isCloseTo(quantile, within(digits));
        assertThat((estimate.mean() - interval.low()) / estimate.standardError())
                .isCloseTo(quantile, within(digits));
    }

    @Test
    void oneValueHasNoIntervalOfStudent() {
        MeanEstimate one = MeanEstimate.of(new double[] {1});
        assertThatThrownBy(() -> one.studentInterval(0.95)).hasMessage("a t interval needs at least 2 values, not 1");
    }

    @Test
    void holmMultipliesByTheTestsThatAreLeft() {
        assertThat(Holm.adjust(new double[] {0.01, 0.04, 0.03, 0.005}))
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(0.03, 0.06, 0.06, 0.02);
        assertThat(Holm.adjust(new double[] {0.9, 0.8})).containsExactly(1, 1);
        assertThat(Holm.adjust(new double[0])).isEmpty();
        assertThatThrownBy(() -> Holm.adjust(new double[] {0.5, 1.5}))
                .hasMessage("test 1: p-value 1.5 is not between 0 and 1");
    }

    @Test
    void theDetectableEffectIsFoundWithItsPower() {
        DetectableEffect effect = DetectableEffect.DEFAULT;
        double difference = effect.of(0.016);
        assertThat(difference).isCloseTo(0.016 * (1.959963984540054 + 0.8416212335729143), within(1e-12));
        assertThat(effect.powerAt(difference, 0.016)).isCloseTo(0.8, within(1e-5));
        assertThat(effect.powerAt(0, 1)).isCloseTo(0.05, within(1e-12));
    }

    @Test
    void theDetectableEffectOfSharesSolvesConnorsEquation() {
        double effect = DetectableEffect.DEFAULT.ofShares(1000, 0.2);
        double rows =
                Math.pow(1.959963984540054 * Math.sqrt(0.2) + 0.8416212335729143 * Math.sqrt(0.2 - effect * effect), 2)
                        / (effect * effect);
        assertThat(rows).isCloseTo(1000, within(1e-6));
        assertThat(DetectableEffect.DEFAULT.ofShares(1, 0.2)).isEqualTo(1);
    }

    /** If few rows differ, the effect is as large as of about 8 rows in one direction: 1 of 100 rows hides up to 7.7 points. */
    @Test
    void fewDiscordantRowsHideAsMuchAsNone() {
        DetectableEffect effect = DetectableEffect.DEFAULT;
        assertThat(effect.fewestDiffering(100)).isCloseTo(7.6656, within(1e-4));
        for (int discordant = 1; discordant <= 7; discordant++) {
            assertThat(effect.ofShares(100, discordant / 100.0)).isCloseTo(0.076656, within(1e-6));
        }
        assertThat(effect.ofShares(100, 0.08)).isCloseTo(0.078310, within(1e-6));
        assertThat(effect.ofShares(1000, 0.001)).isCloseTo(0.007830, within(1e-6));
        // Of a mean: one row of 100 has the error of 7.7 rows, eight have their own.
        assertThat(effect.of(0.01, 100, 1)).isCloseTo(effect.of(0.01) * Math.sqrt(7.6656), within(1e-5));
        assertThat(effect.of(0.01, 100, 8)).isEqualTo(effect.of(0.01));
    }

    /** The exact test finds the stated effect in about 80 % of simulated comparisons, however few rows differ. */
    @Test
    void simulatedComparisonsFindTheDetectableEffect() {
        SplittableRandom random = new SplittableRandom(1337);
        for (int rows : new int[] {50, 100, 1000}) {
            for (int discordant : new int[] {1, 5, 9, 20}) {
                double effect = DetectableEffect.DEFAULT.ofShares(rows, discordant / (double) rows);
                double differing = Math.max(effect, discordant / (double) rows);
                double gained = (differing + effect) / 2;
                int found = 0;
                for (int comparison = 0; comparison < 2000; comparison++) {
                    int wins = 0;
                    int losses = 0;
                    for (int row = 0; row < rows; row++) {
                        double draw = random.nextDouble();
                        wins += draw < gained ? 1 : 0;
                        losses += draw >= gained && draw < differing ? 1 : 0;
                    }
                    found += wins > losses && McNemar.of(losses, wins).pValue() <= 0.05 ? 1 : 0;
                }
                assertThat(found / 2000.0).as("%d of %d rows", discordant, rows).isBetween(0.73, 0.83);
            }
        }
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThatThrownBy(() -> new Proportion(3, 2)).hasMessage("3 of 2 rows are not a share");
        assertThatThrownBy(() -> new Proportion(1, 2).wilson(1)).hasMessage("confidence 1.0 is not between 0 and 1");
        assertThatThrownBy(() -> new DetectableEffect(0.05, 0.3)).hasMessage("power 0.3 is below 0.5");
        assertThatThrownBy(() -> DetectableEffect.DEFAULT.ofShares(10, 0))
                .hasMessage("detectable effect of 10 rows, share 0.0 of them discordant");
    }
}
