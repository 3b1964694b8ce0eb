package io.rootstock.inference.config;

/** Policy for a promoted version that does not fit into memory in addition to the version that serves. */
public enum SwapPolicy {
    /** The promoted version is rejected with the reason; the served version continues. */
    BESIDE,
    /**
     * The served version is unloaded first, when its requests have ended or the drain time is over; until the promoted
     * version is loaded, requests fail with UNAVAILABLE. If the load fails, the previous version is loaded again.
     */
    REPLACE
}
