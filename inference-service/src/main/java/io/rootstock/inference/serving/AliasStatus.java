package io.rootstock.inference.serving;

import io.rootstock.inference.metrics.VersionFigures;
import java.util.Optional;

/**
 * A followed alias as clients see it.
 *
 * @param alias models/{m}/aliases/{a}
 * @param version the version that answers now; empty: none
 * @param kind its kind; empty: none
 * @param state where it stands
 * @param pendingVersion the version that is loading or failed to load; empty: none
 * @param error why the last load failed; empty: it did not
 * @param activeRequests requests being decoded
 * @param queuedRequests requests waiting
 * @param figures what the version did so far; none where there is none
 * @param trial the second version that is on trial
 */
public record AliasStatus(
        String alias,
        String version,
        String kind,
        State state,
        String pendingVersion,
        String error,
        int activeRequests,
        int queuedRequests,
        Optional<VersionFigures> figures,
        Optional<TrialStatus> trial) {
    /** Where an alias stands. */
    public enum State {
        /** Its first version is loading. */
        LOADING,
        /** It serves what it points to. */
        READY,
        /** It serves; another version is loading. */
        SWAPPING,
        /** The newest load failed; the version before serves on, if there was one. */
        LOAD_FAILED
    }

    /**
     * A version on trial as clients see it.
     *
     * @param version models/{m}/versions/{n}
     * @param percent share of the requests that it answers
     * @param shadow whether it gets copies of the others
     * @param state where it stands; LOAD_FAILED also where its requests failed
     * @param error why it gets no requests; empty: it does
     * @param figures what it did so far; none until it is loaded
     */
    public record TrialStatus(
            String version, int percent, boolean shadow, State state, String error, Optional<VersionFigures> figures) {}
}
