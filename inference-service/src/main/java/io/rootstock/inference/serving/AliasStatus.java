package io.rootstock.inference.serving;

import io.rootstock.inference.metrics.VersionFigures;
import java.util.Optional;

/**
 * Status of a followed alias for clients.
 *
 * @param alias models/{m}/aliases/{a}
 * @param version the version that serves; empty if none does
 * @param kind kind of that version; empty if none serves
 * @param created creation time of that version, in seconds since 1970; 0 if none serves
 * @param contextLength maximum number of tokens of a request to that version; 0 if none serves
 * @param state state of the alias
 * @param pendingVersion the version that is loading or failed to load; empty if there is none
 * @param error reason of the last failed load; empty if it succeeded
 * @param activeRequests requests being decoded
 * @param queuedRequests waiting requests
 * @param figures counters of the version that serves; empty if none does
 * @param canary the canary
 */
public record AliasStatus(
        String alias,
        String version,
        String kind,
        long created,
        int contextLength,
        State state,
        String pendingVersion,
        String error,
        int activeRequests,
        int queuedRequests,
        Optional<VersionFigures> figures,
        Optional<CanaryStatus> canary) {
    /** State of an alias or a canary. */
    public enum State {
        /** The first version is loading. */
        LOADING,
        /** The version that the alias points to serves. */
        READY,
        /** A version serves and another one is loading. */
        SWAPPING,
        /** The last load failed; the previous version, if any, keeps serving. */
        LOAD_FAILED
    }

    /**
     * Status of a canary for clients.
     *
     * @param version models/{m}/versions/{n}
     * @param percent percentage of the requests that it answers
     * @param shadow whether it receives shadow copies of the other requests
     * @param state its state; LOAD_FAILED also after repeated failures of its requests
     * @param error reason for which it receives no requests; empty if it does
     * @param figures its counters; empty until it is loaded
     */
    public record CanaryStatus(
            String version, int percent, boolean shadow, State state, String error, Optional<VersionFigures> figures) {}
}
