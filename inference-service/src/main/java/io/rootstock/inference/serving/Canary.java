package io.rootstock.inference.serving;

import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.v1.Version;
import java.util.Optional;

/**
 * A canary: the second version of an alias.
 *
 * @param version the version
 * @param percent percentage of the alias's requests that it answers, 0 to 100
 * @param shadow whether it receives shadow copies of the requests that the main version answers
 * @param analysis rules of its analysis; empty if it is not analysed
 */
record Canary(Version version, int percent, boolean shadow, Optional<CanaryAnalysisSpec> analysis) {
    private static final int WHOLE = 100;

    static Canary of(AliasCanary canary, Version version) {
        return new Canary(
                version,
                canary.getPercent(),
                canary.getShadow(),
                canary.hasAnalysis() ? Optional.of(canary.getAnalysis()) : Optional.empty());
    }

    /**
     * Whether the canary answers the request. The result depends on the id only, so that requests with one id are
     * always answered by one version; ids are distributed evenly.
     */
    boolean answers(String requestId) {
        // String.hashCode is specified; murmur3's finalizer distributes ids that differ only in the last digit.
        int hash = requestId.hashCode();
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >>> 16;
        return Math.floorMod(hash, WHOLE) < percent;
    }
}
