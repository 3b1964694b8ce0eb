package io.rootstock.inference.serving;

import io.rootstock.registry.v1.AliasCandidate;
import io.rootstock.registry.v1.Version;

/**
 * A second version of an alias, on trial.
 *
 * @param version the version
 * @param percent share of the alias's requests that it answers, 0 to 100
 * @param shadow whether it also gets copies of the requests that the first version answers
 */
record Trial(Version version, int percent, boolean shadow) {
    private static final int WHOLE = 100;

    static Trial of(AliasCandidate candidate, Version version) {
        return new Trial(version, candidate.getPercent(), candidate.getShadow());
    }

    /**
     * Whether the candidate answers the request. The same id is always answered alike, so that a conversation that keeps
     * its id keeps its version; ids spread evenly.
     */
    boolean answers(String requestId) {
        // String.hashCode is specified; the mixing (murmur3's finalizer) spreads ids that differ in their last digit.
        int hash = requestId.hashCode();
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >>> 16;
        return Math.floorMod(hash, WHOLE) < percent;
    }
}
