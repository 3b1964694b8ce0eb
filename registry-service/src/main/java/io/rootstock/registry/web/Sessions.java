package io.rootstock.registry.web;

import io.rootstock.client.TokenCredentials;
import io.rootstock.registry.identity.IdentitySettings;
import io.rootstock.service.BearerToken;
import io.rootstock.service.Errors;
import io.rootstock.service.access.Caller;
import io.rootstock.service.web.WebCredentials;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Sessions of browsers: a cookie that scripts cannot read and that requests of other sites do not carry. It holds the token
 * with which its user has signed in, encrypted; who revokes the token ends the session.
 */
@ApplicationScoped
class Sessions implements WebCredentials {
    /** The prefix makes browsers refuse the cookie without TLS, and from other hosts of the domain. */
    private static final String SECURE_NAME = "__Host-rootstock-session";

    private static final String LOOPBACK_NAME = "rootstock-session";

    /** Browsers drop longer cookies. */
    private static final int MAX_COOKIE_LENGTH = 4096;

    private final BearerToken installation;
    private final Duration time;
    private final InstantSource clock = InstantSource.system();
    private final SecureRandom random = new SecureRandom();
    private volatile Keyed current;

    /** A seal and the token of which it was made. */
    private record Keyed(String secret, SessionSeal seal) {}

    /** Required by the CDI client proxy. */
    Sessions() {
        installation = null;
        time = Duration.ZERO;
    }

    @Inject
    Sessions(BearerToken installation, IdentitySettings settings) {
        this.installation = installation;
        this.time = settings.sessionTime();
        if (!time.isPositive()) {
            throw new IllegalStateException("rootstock.registry.session-time must be above 0, was " + time);
        }
    }

    @Override
    public Optional<String> authorization(HttpServerRequest request) {
        Optional<String> header = Optional.ofNullable(request.getHeader("Authorization"));
        return header.isPresent() ? header : token(request).map(token -> TokenCredentials.SCHEME + token);
    }

    /** Whether the request came over TLS, to this process or to a proxy in front of it. */
    static boolean isEncrypted(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return request.isSSL() || (origin != null && origin.startsWith("https://"));
    }

    /**
     * Returns the cookie of a new session, which ends with its token.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if the token does not fit into a cookie
     */
    Cookie cookie(String token, Caller caller, boolean encrypted) {
        Instant now = clock.instant();
        Instant expiry =
                caller.expiry().filter(end -> end.isBefore(now.plus(time))).orElse(now.plus(time));
        String value = seal().seal(new SessionSeal.Session(token, expiry));
        if (value.length() > MAX_COOKIE_LENGTH - MAX_COOKIE_LENGTH / 16) {
            throw Errors.invalidArgument(
                    "token",
                    "is too long for a cookie (" + token.length()
                            + " characters); create an access token with `rootstock access-tokens create`");
        }
        return cookie(value, encrypted).setMaxAge(Duration.between(now, expiry).toSeconds());
    }

    /** Returns the cookie that ends a session in the browser. */
    static Cookie ended(boolean encrypted) {
        return cookie("", encrypted).setMaxAge(0);
    }

    private static Cookie cookie(String value, boolean encrypted) {
        return Cookie.cookie(encrypted ? SECURE_NAME : LOOPBACK_NAME, value)
                .setHttpOnly(true)
                .setSecure(encrypted)
                .setSameSite(CookieSameSite.STRICT)
                .setPath("/");
    }

    private Optional<String> token(HttpServerRequest request) {
        if (!installation.isRequired()) {
            return Optional.empty();
        }
        Cookie cookie = request.getCookie(SECURE_NAME);
        if (cookie == null) {
            cookie = request.getCookie(LOOPBACK_NAME);
        }
        if (cookie == null || cookie.getValue().isEmpty()) {
            return Optional.empty();
        }
        if (request.getHeader("Origin") == null && request.getHeader("Sec-Fetch-Site") == null) {
            throw Errors.permissionDenied(
                    "CROSS_ORIGIN",
                    "a request with the cookie of a session must have the header Origin; programs send a token in the"
                            + " header Authorization");
        }
        return seal().open(cookie.getValue(), clock.instant()).map(SessionSeal.Session::token);
    }

    /** The seal of the installation's current token: who replaces it ends all sessions. */
    private SessionSeal seal() {
        String secret = installation.current().orElseThrow();
        Keyed last = current;
        if (last == null || !last.secret().equals(secret)) {
            last = new Keyed(secret, new SessionSeal(secret, random));
            current = last;
        }
        return last.seal();
    }
}
