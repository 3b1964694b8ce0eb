package io.rootstock.inference.serving;

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
 */
public record AliasStatus(
        String alias,
        String version,
        String kind,
        State state,
        String pendingVersion,
        String error,
        int activeRequests,
        int queuedRequests) {
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
}
