package io.rootstock.inference.config;

/** Policy for a promoted version that does not fit into memory in addition to the version that serves. */
public enum SwapPolicy {
    /** It is refused with the reason, and the one that serves goes on. */
    BESIDE,
    /**
     * The one that serves is freed first, when its requests have ended or the drain time is over; until the new one is
     * loaded, requests are refused as UNAVAILABLE. Where the new one fails, the one before is loaded again.
     */
    REPLACE
}
