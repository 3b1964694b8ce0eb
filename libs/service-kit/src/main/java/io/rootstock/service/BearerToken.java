package io.rootstock.service;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The shared token of {@code rootstock.auth.token-file} for HTTP, as {@link AuthenticationInterceptor} is for gRPC. */
@Singleton
public class BearerToken {
    private final Optional<TokenFile> token;

    @Inject
    BearerToken(CommonSettings settings) {
        token = settings.auth().tokenFile().map(TokenFile::new);
    }

    /** The token that calls carry now; empty: none. */
    public Optional<String> current() {
        return token.map(TokenFile::current);
    }

    /** Whether a call with this {@code Authorization} header (null: none) may come in. */
    public boolean allows(String authorization) {
        String scheme = AuthenticationInterceptor.SCHEME;
        boolean has = authorization != null && authorization.regionMatches(true, 0, scheme, 0, scheme.length());
        return token.isEmpty()
                || token.get()
                        .matches(has ? authorization.substring(scheme.length()).strip() : "");
    }
}
