package io.rootstock.service;

import java.util.Optional;

/** Reports whether a service and its parts accept requests, for {@link HealthGrpcService}. */
public interface ServiceHealth {
    /**
     * Whether this name accepts requests; empty if it is unknown.
     *
     * @param name a gRPC service, or the empty string for the whole process
     */
    Optional<Boolean> of(String name);

    /** Whether this name accepts requests also while the service stops. */
    default boolean isLive(String name) {
        return false;
    }
}
