package io.rootstock.registry.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.StatusRuntimeException;
import io.rootstock.client.TokenCredentials;
import io.rootstock.service.BearerToken;
import io.rootstock.service.Errors;
import io.rootstock.service.StrayExceptions;
import io.rootstock.service.access.Authentication;
import io.rootstock.service.access.Caller;
import io.rootstock.service.web.RequestOrigin;
import io.rootstock.service.web.WebErrors;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Sign-in and sign-out of browsers: {@code POST /session} with {@code {"token": "..."}} sets the cookie of a session, {@code
 * DELETE /session} removes it. The token is an access token or one of the OpenID provider.
 */
@ApplicationScoped
class SessionRoute {
    private static final String PATH = "/session";
    /** More than any access token. */
    private static final int MAX_BODY_LENGTH = 16 << 10;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BearerToken installation;
    private final Authentication authentication;
    private final RequestOrigin origin;
    private final Sessions sessions;

    @Inject
    SessionRoute(BearerToken installation, Authentication authentication, RequestOrigin origin, Sessions sessions) {
        this.installation = installation;
        this.authentication = authentication;
        this.origin = origin;
        this.sessions = sessions;
    }

    void register(@Observes Router router) {
        router.post(PATH).handler(routing -> guarded(routing, () -> signIn(routing)));
        router.delete(PATH).handler(routing -> guarded(routing, () -> signOut(routing)));
    }

    private void guarded(RoutingContext routing, Runnable action) {
        try {
            origin.check(routing.request());
            action.run();
        } catch (StatusRuntimeException e) {
            WebErrors.send(routing.response(), e);
        }
    }

    private void signOut(RoutingContext routing) {
        routing.response()
                .addCookie(Sessions.ended(Sessions.isEncrypted(routing.request())))
                .putHeader("Cache-Control", "no-store")
                .setStatusCode(204)
                .end();
    }

    private void signIn(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (!installation.isRequired()) {
            throw Errors.failedPrecondition("NO_TOKENS", "this installation has no tokens; nothing is to sign in to");
        }
        if (!Sessions.isEncrypted(request) && !RequestOrigin.isLoopback(RequestOrigin.host(request))) {
            throw Errors.failedPrecondition(
                    "TLS_REQUIRED",
                    "a token is not sent to another machine without TLS; open the console with https, or forward its port"
                            + " to this machine (ssh -L)");
        }
        if (!"application/json".equals(request.getHeader("Content-Type"))) {
            throw Errors.invalidArgument("Content-Type", "must be application/json");
        }
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() <= MAX_BODY_LENGTH) {
                body.appendBuffer(chunk);
            }
        });
        Context eventLoop = routing.vertx().getOrCreateContext();
        request.endHandler(_ -> guarded(routing, () -> signIn(routing, token(body), eventLoop)));
    }

    private void signIn(RoutingContext routing, String token, Context eventLoop) {
        CompletableFuture<Caller> caller = authentication.caller(TokenCredentials.SCHEME + token);
        CompletableFuture<Caller> _ = caller.whenComplete((_, _) -> eventLoop.runOnContext(_ -> guarded(routing, () -> {
            if (caller.isCompletedExceptionally()) {
                throw StrayExceptions.toStatus(caller.exceptionNow());
            }
            routing.response()
                    .addCookie(sessions.cookie(token, caller.join(), Sessions.isEncrypted(routing.request())))
                    .putHeader("Cache-Control", "no-store")
                    .setStatusCode(204)
                    .end();
        })));
    }

    private static String token(Buffer body) {
        if (body.length() > MAX_BODY_LENGTH) {
            throw Errors.invalidArgument("token", "must have at most 8192 characters");
        }
        try {
            JsonNode token = JSON.readTree(body.getBytes()).path("token");
            if (token.isTextual() && !token.textValue().isBlank()) {
                return token.textValue().strip();
            }
        } catch (JacksonException e) {
            throw Errors.invalidArgument("request", "is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("an array cannot fail to be read", e);
        }
        throw Errors.invalidArgument("token", "is missing; send {\"token\": \"...\"}");
    }
}
