package io.rootstock.service;

import io.quarkus.runtime.Startup;
import io.rootstock.client.TokenCredentials;
import io.rootstock.client.TokenFile;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.Optional;

/** Shared token of {@code rootstock.auth.token-file} for gRPC and HTTP, in both directions. */
@ApplicationScoped
@Startup // an invalid token file stops the start
public class BearerToken {
    private final Optional<TokenFile> token;

    /** Reads the token file of the settings, if there is one. */
    @Inject
    public BearerToken(CommonSettings settings) {
        token = settings.auth().tokenFile().map(BearerToken::read);
    }

    /** Returns the current token of outgoing calls; empty: none. */
    public Optional<String> current() {
        return token.map(TokenFile::current);
    }

    /** Credentials of outgoing gRPC calls; empty: none. */
    Optional<TokenCredentials> credentials() {
        return token.map(TokenCredentials::new);
    }

    /** Whether callers need a token. */
    public boolean isRequired() {
        return token.isPresent();
    }

    /** Whether a caller's token is this one; compares in constant time. */
    public boolean matches(String candidate) {
        return token.isPresent() && token.get().matches(candidate);
    }

    /**
     * Whether a request comes from a service of the installation.
     *
     * @param authorization its header {@code Authorization}, which must have this token if there is one
     */
    public boolean permits(Optional<String> authorization) {
        return token.isEmpty()
                || authorization
                        .filter(header -> header.startsWith(TokenCredentials.SCHEME))
                        .map(header -> header.substring(TokenCredentials.SCHEME.length())
                                .strip())
                        .filter(this::matches)
                        .isPresent();
    }

    private static TokenFile read(Path file) {
        try {
            return new TokenFile(file);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("rootstock.auth.token-file: " + e.getMessage(), e);
        }
    }
}
