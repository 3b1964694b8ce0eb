package io.rootstock.evaluation.canary;

import io.rootstock.evaluation.statistic.FisherExact;
import io.rootstock.evaluation.statistic.Interval;
import io.rootstock.evaluation.statistic.Proportion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Rules of a canary analysis. Two versions of equal quality are found bad in at most one of 200 samples for each check,
 * and unclear in one of 20.
 *
 * @param minimumRequests requests of each version, and scored shadow answers, before a sample can be good
 * @param maximumErrorRateIncrease accepted difference between the error rates, 0 to 1
 * @param maximumFirstTokenRatio accepted ratio between the times to the first token, at least 1; 0: not judged
 * @param minimumAgreement accepted mean agreement, above 0, at most 1; 0: not judged
 */
public record CanaryRules(
        int minimumRequests, double maximumErrorRateIncrease, double maximumFirstTokenRatio, double minimumAgreement) {
    /** One-sided p-value below which a degradation is found. */
    private static final double BAD = 0.005;
    /** One-sided p-value below which a degradation is likely. */
    private static final double UNCLEAR = 0.05;
    /** Quantiles of the times to the first token that are compared. */
    private static final double[] QUANTILES = {0.5, 0.9};

    /** Judges the requests of a step. */
    public CanaryJudgement judge(CanarySample sample) {
        List<CheckResult> checks = new ArrayList<>();
        checks.add(errorRate(sample.main(), sample.canary()));
        if (maximumFirstTokenRatio > 0) {
            checks.add(firstToken(sample.main().firstToken(), sample.canary().firstToken()));
        }
        if (minimumAgreement > 0) {
            checks.add(agreement(sample.shadow()));
        }
        return new CanaryJudgement(checks);
    }

    /** Fisher's exact test, which holds for any number of requests: few are enough to find a canary bad. */
    private CheckResult errorRate(SideSample main, SideSample canary) {
        String name = "error_rate";
        if (main.requests() == 0 || canary.requests() == 0) {
            return new CheckResult(name, CanaryVerdict.WAITING, tooFew(main.requests(), canary.requests()));
        }
        Proportion failures = canary.failures();
        double p = FisherExact.greater(failures, main.failures());
        boolean larger = failures.value() - main.failures().value() > maximumErrorRateIncrease;
        String text = String.format(
                Locale.ROOT,
                "%d of %d requests of the canary failed (%.1f %%), %d of %d of the version (%.1f %%): p = %.2g, accepted"
                        + " increase %.1f points",
                canary.failed(),
                canary.requests(),
                100 * failures.value(),
                main.failed(),
                main.requests(),
                100 * main.failures().value(),
                p,
                100 * maximumErrorRateIncrease);
        CanaryVerdict verdict = larger ? ofTest(p) : CanaryVerdict.GOOD;
        if (verdict != CanaryVerdict.BAD && !enough(main.requests(), canary.requests())) {
            return new CheckResult(name, CanaryVerdict.WAITING, tooFew(main.requests(), canary.requests()));
        }
        return new CheckResult(name, verdict, text);
    }

    /**
     * Compares the shares of slow requests with Fisher's exact test: slow is later than the time within which half, or 90 %, of the
     * version's requests had their first token, for the canary that time multiplied by the accepted ratio. The smaller p-value is
     * doubled, because two are computed (Bonferroni). The tail alone does not show a slow canary that takes its version's processors,
     * since both then have late requests.
     */
    private CheckResult firstToken(TimeHistogram main, TimeHistogram canary) {
        String name = "first_token_time";
        if (!enough(main.total(), canary.total())) {
            return new CheckResult(name, CanaryVerdict.WAITING, tooFew(main.total(), canary.total()));
        }
        SlowRequests worst = Arrays.stream(QUANTILES)
                .mapToObj(quantile -> slowRequests(main, canary, quantile))
                .min(Comparator.comparingDouble(SlowRequests::p))
                .orElseThrow();
        double p = Math.min(1, QUANTILES.length * worst.p());
        return new CheckResult(
                name,
                ofTest(p),
                String.format(
                        Locale.ROOT,
                        "%d of %d requests of the canary had their first token after %.3g ms, %d of %d of the version after"
                                + " %.3g ms: p = %.2g, accepted ratio %.3g",
                        worst.canary().successes(),
                        worst.canary().rows(),
                        TimeHistogram.bound(worst.accepted()),
                        worst.main().successes(),
                        worst.main().rows(),
                        TimeHistogram.bound(worst.slow()),
                        p,
                        maximumFirstTokenRatio));
    }

    /**
     * Shares of slow requests.
     *
     * @param slow bucket of {@link TimeHistogram} after which a request of the version is slow
     * @param accepted bucket after which a request of the canary is slow
     */
    private record SlowRequests(int slow, int accepted, Proportion main, Proportion canary) {
        double p() {
            return FisherExact.greater(canary, main);
        }
    }

    private SlowRequests slowRequests(TimeHistogram main, TimeHistogram canary, double quantile) {
        int slow = main.quantile(quantile);
        int accepted = TimeHistogram.scaled(slow, maximumFirstTokenRatio);
        return new SlowRequests(
                slow,
                accepted,
                new Proportion(main.above(slow), main.total()),
                new Proportion(canary.above(accepted), canary.total()));
    }

    private CheckResult agreement(ShadowSample shadow) {
        String name = "agreement";
        if (shadow.answers() < Math.max(2, minimumRequests)) {
            return new CheckResult(
                    name,
                    CanaryVerdict.WAITING,
                    shadow.answers() + " scored shadow answers, " + minimumRequests + " are needed");
        }
        Interval interval = shadow.interval(1 - UNCLEAR);
        CanaryVerdict verdict = CanaryVerdict.UNCLEAR;
        if (interval.low() >= minimumAgreement) {
            verdict = CanaryVerdict.GOOD;
        } else if (shadow.interval(1 - 2 * BAD).high() < minimumAgreement) {
            verdict = CanaryVerdict.BAD;
        }
        return new CheckResult(
                name,
                verdict,
                String.format(
                        Locale.ROOT,
                        "%d shadow answers agree by %.3f [%.3f, %.3f]: at least %.3f is required",
                        shadow.answers(),
                        shadow.mean(),
                        interval.low(),
                        interval.high(),
                        minimumAgreement));
    }

    private static CanaryVerdict ofTest(double p) {
        if (p < BAD) {
            return CanaryVerdict.BAD;
        }
        return p < UNCLEAR ? CanaryVerdict.UNCLEAR : CanaryVerdict.GOOD;
    }

    private boolean enough(long main, long canary) {
        return main >= minimumRequests && canary >= minimumRequests;
    }

    private String tooFew(long main, long canary) {
        return main + " requests of the version and " + canary + " of the canary, " + minimumRequests
                + " of each are needed";
    }
}
