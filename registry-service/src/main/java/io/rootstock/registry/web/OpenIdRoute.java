package io.rootstock.registry.web;

import io.grpc.StatusRuntimeException;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.security.credential.TokenCredential;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.rootstock.client.TokenCredentials;
import io.rootstock.service.StrayExceptions;
import io.rootstock.service.access.Authentication;
import io.rootstock.service.access.Caller;
import io.rootstock.service.web.RequestOrigin;
import io.vertx.core.Context;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The end of a sign-in at the OpenID provider: its access token, or its ID token if the services do not accept that, becomes
 * the token of a session. {@code GET /session} tells the console whether such a sign-in is offered.
 */
@ApplicationScoped
class OpenIdRoute {
    private static final Logger LOG = Logger.getLogger(OpenIdRoute.class);
    /** Begin the names of Quarkus' cookies of a sign-in. */
    private static final List<String> COOKIES = List.of("q_session", "q_auth");

    private final OpenIdSignIn signIn;
    private final Authentication authentication;
    private final Sessions sessions;

    @Inject
    OpenIdRoute(OpenIdSignIn signIn, Authentication authentication, Sessions sessions) {
        this.signIn = signIn;
        this.authentication = authentication;
        this.sessions = sessions;
    }

    void register(@Observes Router router) {
        router.get("/session").handler(this::offer);
        router.get(OpenIdSignIn.PATH).handler(this::end);
        router.get(OpenIdSignIn.FAILURE_PATH).handler(routing -> {
            LOG.warnf(
                    "the OpenID provider refused a sign-in: %s",
                    code(routing.request().getParam("error")));
            toConsole(routing, "?sign-in=failed");
        });
    }

    /** An error code of OAuth 2.0 (RFC 6749, 4.1.2.1). Any client can send another text, which is not logged. */
    private static String code(String error) {
        return error != null && error.matches("[a-z_]{1,64}") ? error : "no error code";
    }

    private void offer(RoutingContext routing) {
        routing.response()
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Type", "application/json")
                .end(JsonObject.of("openid", signIn.isOffered()).encode());
    }

    /** Runs after Quarkus has the tokens: {@code quarkus.http.auth.permission.sign-in}. */
    private void end(RoutingContext routing) {
        SecurityIdentity identity = ((QuarkusHttpUser) routing.user()).getSecurityIdentity();
        List<String> tokens = Stream.of(AccessTokenCredential.class, IdTokenCredential.class)
                .map(type -> Optional.<TokenCredential>ofNullable(identity.getCredential(type)))
                .flatMap(Optional::stream)
                .map(TokenCredential::getToken)
                .toList();
        HttpServerRequest request = routing.request();
        boolean encrypted = request.isSSL() || !RequestOrigin.isLoopback(RequestOrigin.host(request));
        Context eventLoop = routing.vertx().getOrCreateContext();
        CompletableFuture<Cookie> cookie = cookie(tokens, encrypted);
        CompletableFuture<Cookie> _ = cookie.whenComplete((_, _) -> eventLoop.runOnContext(_ -> {
            if (cookie.isCompletedExceptionally()) {
                StatusRuntimeException failure = StrayExceptions.toStatus(cookie.exceptionNow());
                LOG.warnf("a sign-in at the OpenID provider failed: %s", failure.getMessage());
                toConsole(routing, "?sign-in=failed");
            } else {
                routing.response().addCookie(cookie.join());
                toConsole(routing, "");
            }
        }));
    }

    private CompletableFuture<Cookie> cookie(List<String> tokens, boolean encrypted) {
        CompletableFuture<Cookie> first = cookie(tokens.getFirst(), encrypted);
        return tokens.size() == 1
                ? first
                : first.exceptionallyCompose(_ -> cookie(tokens.subList(1, tokens.size()), encrypted));
    }

    private CompletableFuture<Cookie> cookie(String token, boolean encrypted) {
        CompletableFuture<Caller> caller = authentication.caller(TokenCredentials.SCHEME + token);
        return caller.thenApply(found -> sessions.cookie(token, found, encrypted));
    }

    /** The session of the console takes the place of Quarkus' own. */
    private static void toConsole(RoutingContext routing, String query) {
        HttpServerResponse response = routing.response();
        routing.request().cookies().stream()
                .map(Cookie::getName)
                .filter(name -> COOKIES.stream().anyMatch(name::startsWith))
                .distinct()
                .toList()
                .forEach(name -> response.addCookie(Cookie.cookie(name, "")
                        .setPath(OpenIdSignIn.PATH)
                        .setMaxAge(0)
                        .setHttpOnly(true)));
        response.putHeader("Cache-Control", "no-store")
                .putHeader("Location", "/console" + query)
                .setStatusCode(302)
                .end();
    }
}
