package io.rootstock.service.access;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Callers that other instances of the service know, for the time in which the registry is unavailable. */
public interface KnownCallers {
    /**
     * Returns the caller of a token; empty if no other instance knows it. May block.
     *
     * @param hash SHA-256 of the token in hexadecimal digits
     */
    Optional<KnownCaller> find(String hash);

    /** For a service whose instances do not know each other. */
    @ApplicationScoped
    @DefaultBean
    class NoKnownCallers implements KnownCallers {
        @Override
        public Optional<KnownCaller> find(String hash) {
            return Optional.empty();
        }
    }
}
