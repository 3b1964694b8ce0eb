package io.rootstock.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Shared token of {@code rootstock.auth.token-file} for HTTP, the counterpart of {@link AuthenticationInterceptor}. */
@ApplicationScoped
public class BearerToken {
    private final Optional<TokenFile> token;

    @Inject
    BearerToken(CommonSettings settings) {
        token = settings.auth().tokenFile().map(TokenFile::new);
    }

    /** Returns the current token of outgoing calls; empty: none. */
    public Optional<String> current() {
        return token.map(TokenFile::current);
    }

    /** Whether a call with this {@code Authorization} header (null: none) is allowed. */
    public boolean allows(String authorization) {
        String scheme = AuthenticationInterceptor.SCHEME;
        boolean has = authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length());
        return token.isEmpty()
                || token.get()
                        .matches(has ? authorization.substring(scheme.length()).strip() : "");
    }
}
