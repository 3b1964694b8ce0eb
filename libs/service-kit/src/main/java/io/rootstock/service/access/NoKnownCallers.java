package io.rootstock.service.access;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** For a service whose instances do not know each other. */
@ApplicationScoped
@DefaultBean
class NoKnownCallers implements KnownCallers {
    @Override
    public Optional<KnownCaller> find(String hash) {
        return Optional.empty();
    }
}
