package io.rootstock.service;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Puts the token, when {@code rootstock.auth.token-file} is set, on every call that this service makes. */
@GlobalInterceptor
@ApplicationScoped
public class TokenClientInterceptor implements ClientInterceptor {
    private final Optional<TokenCredentials> credentials;

    /** For the proxy that the container makes. */
    TokenClientInterceptor() {
        credentials = Optional.empty();
    }

    /** As these settings say. */
    @Inject
    public TokenClientInterceptor(CommonSettings settings) {
        credentials = settings.auth().tokenFile().map(TokenFile::new).map(TokenCredentials::new);
    }

    /** Whether calls carry a token. */
    boolean isActive() {
        return credentials.isPresent();
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return next.newCall(
                method, credentials.map(options::withCallCredentials).orElse(options));
    }
}
