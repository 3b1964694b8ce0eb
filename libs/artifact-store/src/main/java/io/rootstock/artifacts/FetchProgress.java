package io.rootstock.artifacts;

/** Observes a fetch and can cancel it. */
@FunctionalInterface
public interface FetchProgress {
    /** Never cancels the fetch. */
    FetchProgress PATIENT = (bytes, total) -> true;

    /**
     * Called periodically.
     *
     * @return whether to continue; false keeps the fetched bytes for a later fetch and throws
     *     {@link FetchCancelledException}
     */
    boolean at(long bytes, long total);
}
