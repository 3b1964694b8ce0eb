package io.rootstock.artifacts;

/** Follows a fetch, and can end it. */
@FunctionalInterface
public interface FetchProgress {
    /** Wants the artifact, whatever it takes. */
    FetchProgress PATIENT = (bytes, total) -> true;

    /**
     * Called now and then.
     *
     * @return whether the artifact is still wanted; false keeps what has come for another time and ends the fetch with
     *     {@link FetchCancelledException}
     */
    boolean at(long bytes, long total);
}
