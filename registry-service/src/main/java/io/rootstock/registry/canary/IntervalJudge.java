package io.rootstock.registry.canary;

import io.rootstock.evaluation.canary.CanaryJudgement;
import io.rootstock.evaluation.canary.CanaryRules;
import io.rootstock.evaluation.canary.CanarySample;
import io.rootstock.evaluation.canary.CanaryVerdict;
import io.rootstock.evaluation.canary.CheckResult;
import io.rootstock.registry.model.AnalysisRepository.Analysis;
import io.rootstock.registry.model.CanaryReportRepository;
import io.rootstock.registry.model.CanaryReportRepository.Report;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.v1.CanaryServingState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Judges the interval of an analysis from the newest reports. The requests of a step add up over its intervals until they are
 * found good or bad. An interval is judged once every service that still reports has done so after its end, so that the
 * registry never decides from figures of before an interruption.
 */
final class IntervalJudge {
    /** Time without a report after which a service counts as gone. */
    static final Duration SILENCE = Duration.ofSeconds(15);
    /** Intervals without a clear verdict after which the canary is bad. */
    private static final int LIMIT = 3;

    private IntervalJudge() {}

    /**
     * A judged interval.
     *
     * @param checks empty if the verdict has another reason
     * @param sums counters at the time of the judgement
     * @param silent whether no service reported after the end of the interval
     */
    record Judged(CanaryVerdict verdict, String summary, List<CheckResult> checks, CanarySample sums, boolean silent) {}

    /** Judges the interval; empty if it is too early. */
    static Optional<Judged> judge(Analysis analysis, List<Report> reports, Instant now) {
        List<Report> own = reports.stream()
                .filter(report -> !report.time().isBefore(analysis.start()))
                .toList();
        CanarySample sums = CanaryReportRepository.sum(reports);
        Optional<Report> stopped = any(own, CanaryServingState.CANARY_SERVING_STATE_STOPPED);
        if (stopped.isPresent()) {
            return Optional.of(other(
                    CanaryVerdict.BAD,
                    "the canary was stopped: " + stopped.get().message().getError(),
                    sums));
        }
        Instant end = analysis.intervalEnd();
        if (now.isBefore(end)) {
            return Optional.empty();
        }
        List<Report> fresh =
                own.stream().filter(report -> !report.time().isBefore(end)).toList();
        if (fresh.isEmpty()) {
            return now.isBefore(end.plus(SILENCE)) ? Optional.empty() : Optional.of(silent(analysis, own, sums));
        }
        Predicate<Report> late =
                report -> report.time().isBefore(end) && report.time().isAfter(now.minus(SILENCE));
        if (own.stream().anyMatch(late)) {
            return Optional.empty();
        }
        Optional<Report> failed = any(fresh, CanaryServingState.CANARY_SERVING_STATE_LOAD_FAILED);
        if (failed.isPresent()) {
            return Optional.of(other(
                    CanaryVerdict.BAD,
                    "the canary cannot be loaded: " + failed.get().message().getError(),
                    sums));
        }
        if (any(fresh, CanaryServingState.CANARY_SERVING_STATE_SERVING).isEmpty()) {
            return Optional.of(other(CanaryVerdict.WAITING, "the canary is loading", sums));
        }
        return Optional.of(ofRequests(analysis, sums));
    }

    private static Judged silent(Analysis analysis, List<Report> own, CanarySample sums) {
        boolean lost = !own.isEmpty() && analysis.silent() + 1 >= LIMIT;
        String summary = own.isEmpty()
                ? "no inference service has reported figures of this alias yet"
                : "no inference service has reported since "
                        + own.stream().map(Report::time).max(Instant::compareTo).orElseThrow();
        return new Judged(
                lost ? CanaryVerdict.BAD : CanaryVerdict.WAITING,
                lost ? summary + ", for " + LIMIT + " intervals" : summary,
                List.of(),
                sums,
                true);
    }

    private static Judged ofRequests(Analysis analysis, CanarySample sums) {
        CanaryAnalysisSpec spec = analysis.spec();
        CanaryJudgement judgement = new CanaryRules(
                        spec.getMinimumRequests(),
                        spec.getMaximumErrorRateIncrease(),
                        spec.getMaximumFirstTokenRatio(),
                        spec.getMinimumAgreement())
                .judge(sums.since(analysis.base()));
        boolean last = judgement.verdict() == CanaryVerdict.UNCLEAR && analysis.unclear() + 1 >= LIMIT;
        return new Judged(
                last ? CanaryVerdict.BAD : judgement.verdict(),
                last ? "unclear in " + LIMIT + " successive intervals: " + judgement.reason() : judgement.reason(),
                judgement.checks(),
                sums,
                false);
    }

    private static Judged other(CanaryVerdict verdict, String summary, CanarySample sums) {
        return new Judged(verdict, summary, List.of(), sums, false);
    }

    private static Optional<Report> any(List<Report> reports, CanaryServingState state) {
        return reports.stream()
                .filter(report -> report.message().getState() == state)
                .findFirst();
    }
}
