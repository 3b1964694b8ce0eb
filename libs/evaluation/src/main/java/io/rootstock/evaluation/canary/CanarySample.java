package io.rootstock.evaluation.canary;

/**
 * Requests that a version and its canary answered at the same time.
 *
 * @param main requests of the version that the alias points to
 * @param shadow scores of the canary's shadow answers
 */
public record CanarySample(SideSample main, SideSample canary, ShadowSample shadow) {
    /** The requests without those of an earlier state of the same counters. */
    public CanarySample since(CanarySample earlier) {
        return new CanarySample(main.since(earlier.main), canary.since(earlier.canary), shadow.since(earlier.shadow));
    }

    /** The requests of two services. */
    public CanarySample plus(CanarySample other) {
        return new CanarySample(main.plus(other.main), canary.plus(other.canary), shadow.plus(other.shadow));
    }
}
