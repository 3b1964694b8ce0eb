package io.rootstock.evaluation.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class CanaryRulesTest {
    private static final CanaryRules RULES = new CanaryRules(50, 0, 0, 0);

    private static TimeHistogram times(double... milliseconds) {
        List<Long> counts = new ArrayList<>(Collections.nCopies(TimeHistogram.BUCKETS, 0L));
        for (double time : milliseconds) {
            int bucket = TimeHistogram.bucket(time);
            counts.set(bucket, counts.get(bucket) + 1);
        }
        return TimeHistogram.of(counts);
    }

    private static SideSample side(int requests, int failed) {
        double[] times =
                DoubleStream.generate(() -> 10).limit(requests - failed).toArray();
        return new SideSample(requests, failed, times(times));
    }

    private static CanarySample sample(SideSample main, SideSample canary) {
        return new CanarySample(main, canary, ShadowSample.NONE);
    }

    private static CanaryVerdict verdict(CanaryRules rules, SideSample main, SideSample canary) {
        return rules.judge(sample(main, canary)).verdict();
    }

    @Test
    void findsErrorsBad() {
        CanaryJudgement judgement = RULES.judge(sample(side(950, 0), side(50, 3)));
        assertThat(judgement.verdict()).isEqualTo(CanaryVerdict.BAD);
        assertThat(judgement.reason())
                .isEqualTo(
                        "3 of 50 requests of the canary failed (6.0 %), 0 of 950 of the version (0.0 %): p = 0.00012,"
                                + " accepted increase 0.0 points");
        assertThat(verdict(RULES, side(900, 90), side(60, 12))).isEqualTo(CanaryVerdict.UNCLEAR);
        assertThat(verdict(RULES, side(950, 19), side(50, 1))).isEqualTo(CanaryVerdict.GOOD);
        assertThat(verdict(RULES, side(50, 10), side(50, 0))).isEqualTo(CanaryVerdict.GOOD);
    }

    @Test
    void anAcceptedIncreaseOfErrorsIsGood() {
        CanaryRules rules = new CanaryRules(50, 0.06, 0, 0);
        assertThat(verdict(rules, side(950, 0), side(50, 3))).isEqualTo(CanaryVerdict.GOOD);
        assertThat(verdict(rules, side(950, 0), side(50, 4))).isEqualTo(CanaryVerdict.BAD);
    }

    @Test
    void waitsForTheMinimumUnlessFewRequestsAreBad() {
        assertThat(RULES.judge(sample(side(49, 0), side(50, 0))).checks())
                .containsExactly(new CheckResult(
                        "error_rate",
                        CanaryVerdict.WAITING,
                        "49 requests of the version and 50 of the canary, 50 of each are needed"));
        assertThat(verdict(RULES, side(50, 0), side(0, 0))).isEqualTo(CanaryVerdict.WAITING);
        assertThat(verdict(RULES, side(10, 0), side(3, 2))).isEqualTo(CanaryVerdict.WAITING);
        assertThat(verdict(RULES, side(20, 0), side(5, 5))).isEqualTo(CanaryVerdict.BAD);
    }

    @Test
    void comparesSlowRequestsAtTheRatio() {
        CanaryRules rules = new CanaryRules(50, 0, 1.5, 0);
        SideSample main = timed(1, 200, 1);
        assertThat(verdict(rules, main, timed(2, 200, 1))).isEqualTo(CanaryVerdict.GOOD);
        assertThat(verdict(rules, main, timed(2, 200, 1.4))).isEqualTo(CanaryVerdict.GOOD);
        assertThat(verdict(rules, main, timed(2, 200, 4))).isEqualTo(CanaryVerdict.BAD);
        // Only one request of four is slow.
        double[] times = new double[200];
        for (int i = 0; i < times.length; i++) {
            times[i] = i % 4 == 0 ? 500 : 10;
        }
        SideSample tail = new SideSample(200, 0, times(times));
        CanaryJudgement judgement = rules.judge(sample(side(400, 0), tail));
        assertThat(judgement.verdict()).isEqualTo(CanaryVerdict.BAD);
        assertThat(judgement.reason())
                .startsWith(
                        "50 of 200 requests of the canary had their first token after 16.6 ms, 0 of 400 of the version"
                                + " after 10.8 ms: p = ");
    }

    @Test
    void findsASlowCanaryThatDelaysTheVersionsTail() {
        double[] main = new double[200];
        double[] canary = new double[200];
        for (int i = 0; i < main.length; i++) {
            main[i] = i % 5 == 0 ? 1000 : 20;
            canary[i] = 200;
        }
        assertThat(verdict(
                        new CanaryRules(50, 0, 1.5, 0),
                        new SideSample(200, 0, times(main)),
                        new SideSample(200, 0, times(canary))))
                .isEqualTo(CanaryVerdict.BAD);
    }

    /** Log-normal times around 20 ms. */
    private static SideSample timed(long seed, int requests, double factor) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] times = new double[requests];
        for (int i = 0; i < requests; i++) {
            times[i] = factor * 20 * Math.exp(0.5 * random.nextGaussian());
        }
        return new SideSample(requests, 0, times(times));
    }

    @Test
    void equalVersionsAreRarelyFoundBad() {
        CanaryRules rules = new CanaryRules(50, 0, 1, 0);
        SplittableRandom random = new SplittableRandom(7);
        int bad = 0;
        int good = 0;
        int samples = 2000;
        for (int sample = 0; sample < samples; sample++) {
            int failedMain = failures(random, 400);
            int failedCanary = failures(random, 80);
            SideSample main = new SideSample(
                    400,
                    failedMain,
                    timed(random.nextLong(), 400 - failedMain, 1).firstToken());
            SideSample canary = new SideSample(
                    80,
                    failedCanary,
                    timed(random.nextLong(), 80 - failedCanary, 1).firstToken());
            CanaryVerdict verdict = verdict(rules, main, canary);
            bad += verdict == CanaryVerdict.BAD ? 1 : 0;
            good += verdict == CanaryVerdict.GOOD ? 1 : 0;
        }
        // Two checks, each at 0.005.
        assertThat(bad).isLessThanOrEqualTo(samples / 100);
        assertThat(good).isGreaterThan(samples * 9 / 10);
    }

    /** Number of failures where 3 % of the requests fail. */
    private static int failures(SplittableRandom random, int requests) {
        int failed = 0;
        for (int request = 0; request < requests; request++) {
            failed += random.nextDouble() < 0.03 ? 1 : 0;
        }
        return failed;
    }

    @Test
    void comparesTheAgreementOfShadowAnswers() {
        CanaryRules rules = new CanaryRules(50, 0, 0, 0.8);
        // Classes: Wilson's interval of 97 of 100 is [0.915, 0.990].
        assertThat(agreement(rules, new ShadowSample(100, 97, 97))).isEqualTo(CanaryVerdict.GOOD);
        assertThat(agreement(rules, new ShadowSample(100, 82, 82))).isEqualTo(CanaryVerdict.UNCLEAR);
        assertThat(agreement(rules, new ShadowSample(100, 50, 50))).isEqualTo(CanaryVerdict.BAD);
        assertThat(agreement(rules, new ShadowSample(49, 49, 49))).isEqualTo(CanaryVerdict.WAITING);
        // Texts: mean 0.9, standard deviation 0.1.
        assertThat(agreement(rules, new ShadowSample(100, 90, 82))).isEqualTo(CanaryVerdict.GOOD);
        ShadowSample texts = new ShadowSample(100, 90, 82);
        assertThat(texts.interval(0.95).low()).isCloseTo(0.88030, within(1e-4));
        assertThat(texts.interval(0.95).high()).isCloseTo(0.91970, within(1e-4));
    }

    private static CanaryVerdict agreement(CanaryRules rules, ShadowSample shadow) {
        return rules.judge(new CanarySample(side(100, 0), side(100, 0), shadow)).verdict();
    }

    @Test
    void theWorstCheckDecides() {
        CanaryRules rules = new CanaryRules(50, 0, 2, 0.8);
        CanaryJudgement judgement =
                rules.judge(new CanarySample(side(950, 0), side(50, 3), new ShadowSample(10, 10, 10)));
        assertThat(judgement.checks())
                .extracting(CheckResult::verdict)
                .containsExactly(CanaryVerdict.BAD, CanaryVerdict.WAITING, CanaryVerdict.WAITING);
        assertThat(judgement.verdict()).isEqualTo(CanaryVerdict.BAD);
    }

    @Test
    void histogramsKeepTimesWithinNinePercent() {
        assertThat(TimeHistogram.bucket(0)).isZero();
        assertThat(TimeHistogram.bucket(0.1)).isZero();
        assertThat(TimeHistogram.bucket(0.2)).isEqualTo(8);
        assertThat(TimeHistogram.bucket(0.201)).isEqualTo(9);
        assertThat(TimeHistogram.bucket(1e12)).isEqualTo(199);
        TimeHistogram times = times(1, 2, 3, 100);
        assertThat(times.total()).isEqualTo(4);
        assertThat(times.quantileMilliseconds(0.5)).isBetween(2.0, 2.0 * 1.0906);
        assertThat(times.quantileMilliseconds(0.9)).isBetween(100.0, 109.06);
        assertThat(times.above(times.quantile(0.75))).isEqualTo(1);
        assertThat(times.since(times(2)).total()).isEqualTo(3);
        assertThat(TimeHistogram.of(times.counts()).counts()).isEqualTo(times.counts());
        assertThatThrownBy(() -> TimeHistogram.of(List.of(-1L))).hasMessage("must hold counts of at least 0, was -1");
        assertThatThrownBy(() -> TimeHistogram.of(Collections.nCopies(201, 0L)))
                .hasMessage("must have at most 200 buckets, has 201");
    }
}
