package io.rootstock.inference.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.rootstock.artifacts.CachedCopies;
import io.rootstock.inference.peer.Peers;
import io.rootstock.inference.peer.ServedJson;
import io.rootstock.service.BearerToken;
import io.rootstock.service.Home;
import io.rootstock.service.access.Authentication;
import io.rootstock.service.access.KnownCaller;
import io.rootstock.service.web.ArtifactRoute;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Answers new instances while the registry is unavailable ({@link Peers}). Requires the token of
 * {@code rootstock.auth.token-file}, if one is set.
 */
@ApplicationScoped
class PeerRoutes {
    private final Serving serving;
    private final Authentication authentication;
    private final BearerToken token;
    private final ArtifactRoute artifacts;

    @Inject
    PeerRoutes(Serving serving, Authentication authentication, BearerToken token, Home home) {
        this.serving = serving;
        this.authentication = authentication;
        this.token = token;
        this.artifacts = new ArtifactRoute(Peers.ARTIFACTS, new CachedCopies(Serving.cache(home)), token);
    }

    void register(@Observes Router router) {
        router.get("/peers/*").handler(this::requireService);
        router.get(Peers.SERVED).handler(this::served);
        router.get(Peers.CALLERS + "/:hash").handler(this::caller);
        artifacts.register(router);
    }

    private void requireService(RoutingContext request) {
        if (token.permits(Optional.ofNullable(request.request().getHeader("Authorization")))) {
            request.next();
        } else {
            fail(request, 401, "only services with the token of rootstock.auth.token-file read this");
        }
    }

    private void served(RoutingContext request) {
        if (!serving.started()) {
            request.response().putHeader("Retry-After", "1");
            fail(request, 503, "the service is starting");
            return;
        }
        try {
            request.response()
                    .putHeader("Content-Type", "application/json")
                    .end(Buffer.buffer(ServedJson.write(serving.models().lastServed())));
        } catch (JsonProcessingException e) {
            request.fail(e);
        }
    }

    private void caller(RoutingContext request) {
        Optional<KnownCaller> known = authentication.known(request.pathParam("hash"));
        if (known.isEmpty()) {
            fail(request, 404, "no caller with this token was here in the last 15 minutes");
            return;
        }
        long seconds = Duration.between(known.get().confirmed(), Instant.now()).toSeconds();
        request.response()
                .putHeader("Content-Type", "application/protobuf")
                .putHeader(Peers.AGE, Long.toString(Math.max(0, seconds)))
                .end(Buffer.buffer(known.get().caller().toMessage().toByteArray()));
    }

    private static void fail(RoutingContext request, int status, String message) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(message + "\n");
    }
}
