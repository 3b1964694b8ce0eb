package io.rootstock.evaluation.canary;

import io.rootstock.evaluation.statistic.Proportion;

/**
 * Requests of one version.
 *
 * @param requests answered and failed requests
 * @param failed requests that the version failed, at most {@code requests}
 * @param firstToken times to the first token of the answered requests
 */
public record SideSample(long requests, long failed, TimeHistogram firstToken) {
    /** The requests without those of an earlier state of the same counters. */
    public SideSample since(SideSample earlier) {
        return new SideSample(
                requests - earlier.requests, failed - earlier.failed, firstToken.since(earlier.firstToken));
    }

    /** The requests of two services. */
    public SideSample plus(SideSample other) {
        return new SideSample(requests + other.requests, failed + other.failed, firstToken.plus(other.firstToken));
    }

    /** Share of the failed requests; there is at least one request. */
    Proportion failures() {
        return new Proportion(failed, requests);
    }
}
