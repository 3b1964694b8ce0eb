package io.rootstock.service.access;

import java.time.Duration;
import java.util.Optional;

/** Finds the callers of access tokens. */
public interface CallerSource {
    /**
     * Returns the caller of a token; empty if the token is not valid. May block.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if that cannot be found out now
     */
    Optional<Caller> find(String token);

    /**
     * Returns the caller that another instance of the service found, while {@link #find} is unavailable. May block.
     *
     * @param hash SHA-256 of the token in hexadecimal digits
     */
    default Optional<KnownCaller> known(String hash) {
        return Optional.empty();
    }

    /** Returns the time for which a result may be used again: the delay of a revocation. */
    Duration freshness();
}
