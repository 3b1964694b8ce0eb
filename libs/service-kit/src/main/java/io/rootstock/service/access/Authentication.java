package io.rootstock.service.access;

import io.rootstock.client.TokenCredentials;
import io.rootstock.service.BearerToken;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Finds callers by the header {@code Authorization} of their requests, for gRPC and HTTP. Without
 * {@code rootstock.auth.token-file}, every caller is {@link Caller#LOCAL}.
 */
@ApplicationScoped
public class Authentication {
    /** More than any access token; larger headers are not hashed. */
    private static final int MAX_TOKEN_LENGTH = 8192;

    private final BearerToken token;
    private final CallerCache callers;

    /** Required by the CDI client proxy. */
    Authentication() {
        token = null;
        callers = null;
    }

    /** Creates the authentication of a service. */
    @Inject
    public Authentication(BearerToken token, CallerSource source) {
        this.token = token;
        this.callers = new CallerCache(source, InstantSource.system());
    }

    /**
     * Returns the caller of a request.
     *
     * @param authorization the header; null: none
     * @return completes at once unless the token has to be looked up; fails with the status UNAUTHENTICATED if the token
     *     is missing or invalid, UNAVAILABLE if that cannot be found out, RESOURCE_EXHAUSTED if too many tokens are
     *     being looked up
     */
    public CompletableFuture<Caller> caller(String authorization) {
        if (!token.isRequired()) {
            return CompletableFuture.completedFuture(Caller.LOCAL);
        }
        Optional<String> given = bearer(authorization);
        if (given.isEmpty()) {
            return CompletableFuture.failedFuture(Errors.unauthenticated(
                    "this service wants an access token in the header `authorization: Bearer <token>`; create one with"
                            + " `rootstock access-tokens create`"));
        }
        if (token.matches(given.get())) {
            return CompletableFuture.completedFuture(Caller.SERVICE);
        }
        return callers.find(given.get()).thenApply(found -> found.orElseThrow(Authentication::invalid));
    }

    /**
     * Returns the caller of a token that was used here, also while the registry is unavailable.
     *
     * @param hash SHA-256 of the token in hexadecimal digits
     */
    public Optional<KnownCaller> known(String hash) {
        return callers.known(hash);
    }

    private static RuntimeException invalid() {
        return Errors.unauthenticated("the access token is unknown, expired or revoked; create another with"
                + " `rootstock access-tokens create`");
    }

    private static Optional<String> bearer(String authorization) {
        String scheme = TokenCredentials.SCHEME;
        if (authorization == null
                || authorization.length() > MAX_TOKEN_LENGTH
                || !authorization.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return Optional.empty();
        }
        return Optional.of(authorization.substring(scheme.length()).strip()).filter(text -> !text.isEmpty());
    }
}
