package io.rootstock.registry.model;

import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.service.Errors;
import java.util.List;

/** Checks of the rules of canary analyses, and their defaults. */
final class AnalysisSpecs {
    private static final String FIELD = "canary.analysis.";
    private static final int MAX_STEPS = 20;
    /** Above, the version beside the canary has no requests to compare with. */
    private static final int MAX_STEP = 99;

    private static final int DEFAULT_SECONDS = 60;
    private static final int MIN_SECONDS = 2;
    private static final int MAX_SECONDS = 86_400;
    private static final int DEFAULT_REQUESTS = 50;
    private static final int MAX_REQUESTS = 1_000_000;
    private static final double MAX_RATIO = 100;

    private AnalysisSpecs() {}

    /**
     * Sets the defaults of the analysis and the percentage of its first step; a canary without analysis is unchanged.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT with the field that is invalid
     */
    static AliasCanary complete(AliasCanary canary) {
        if (!canary.hasAnalysis()) {
            return canary;
        }
        CanaryAnalysisSpec spec = canary.getAnalysis();
        checkSteps(spec.getStepsList());
        int first = spec.getSteps(0);
        if (canary.getPercent() != 0 && canary.getPercent() != first) {
            throw Errors.invalidArgument(
                    "canary.percent", "must be 0 or the first step, " + first + ", was " + canary.getPercent());
        }
        int seconds = spec.getIntervalSeconds() == 0 ? DEFAULT_SECONDS : spec.getIntervalSeconds();
        require(
                seconds >= MIN_SECONDS && seconds <= MAX_SECONDS,
                "interval_seconds",
                "must be " + MIN_SECONDS + " to " + MAX_SECONDS + ", was " + seconds);
        int requests = spec.getMinimumRequests() == 0 ? DEFAULT_REQUESTS : spec.getMinimumRequests();
        require(
                requests >= 1 && requests <= MAX_REQUESTS,
                "minimum_requests",
                "must be 1 to " + MAX_REQUESTS + ", was " + requests);
        double increase = spec.getMaximumErrorRateIncrease();
        require(increase >= 0 && increase <= 1, "maximum_error_rate_increase", "must be 0 to 1, was " + increase);
        double ratio = spec.getMaximumFirstTokenRatio();
        require(
                ratio == 0 || (ratio >= 1 && ratio <= MAX_RATIO),
                "maximum_first_token_ratio",
                "must be 0 or 1 to " + (int) MAX_RATIO + ", was " + ratio);
        double agreement = spec.getMinimumAgreement();
        require(agreement >= 0 && agreement <= 1, "minimum_agreement", "must be 0 to 1, was " + agreement);
        require(
                agreement == 0 || canary.getShadow(),
                "minimum_agreement",
                "needs shadow copies: set canary.shadow, or leave the agreement at 0");
        return canary.toBuilder()
                .setPercent(first)
                .setAnalysis(spec.toBuilder().setIntervalSeconds(seconds).setMinimumRequests(requests))
                .build();
    }

    private static void checkSteps(List<Integer> steps) {
        require(
                !steps.isEmpty() && steps.size() <= MAX_STEPS,
                "steps",
                "must hold 1 to " + MAX_STEPS + " percentages, holds " + steps.size());
        int before = 0;
        for (int i = 0; i < steps.size(); i++) {
            int step = steps.get(i);
            require(
                    step > before && step <= MAX_STEP,
                    "steps[" + i + "]",
                    "must be above " + before + " and at most " + MAX_STEP + ", was " + step);
            before = step;
        }
    }

    private static void require(boolean condition, String field, String description) {
        if (!condition) {
            throw Errors.invalidArgument(FIELD + field, description);
        }
    }
}
