package io.rootstock.inference.peer;

import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.service.BearerToken;
import io.rootstock.service.access.KnownCaller;
import io.rootstock.service.access.KnownCallers;
import io.rootstock.service.tls.ClientTls;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Callers that the other instances of this service know. */
@ApplicationScoped
class PeerCallers implements KnownCallers {
    private final Optional<Peers> peers;

    @Inject
    PeerCallers(InferenceSettings settings, BearerToken token, ClientTls tls) {
        peers = Peers.of(settings, token, tls);
    }

    @Override
    public Optional<KnownCaller> find(String hash) {
        return peers.flatMap(others -> others.caller(hash));
    }
}
