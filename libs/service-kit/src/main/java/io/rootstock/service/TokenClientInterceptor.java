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

/** Adds the token, if {@code rootstock.auth.token-file} is set, to every outgoing call. */
@GlobalInterceptor
@ApplicationScoped
public class TokenClientInterceptor implements ClientInterceptor {
    private final Optional<TokenCredentials> credentials;

    /** Required by the CDI client proxy. */
    TokenClientInterceptor() {
        credentials = Optional.empty();
    }

    /** Creates an interceptor with these settings. */
    @Inject
    public TokenClientInterceptor(CommonSettings settings) {
        credentials = settings.auth().tokenFile().map(TokenFile::new).map(TokenCredentials::new);
    }

    /** Whether outgoing calls have a token. */
    boolean isActive() {
        return credentials.isPresent();
    }

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
        return next.newCall(
                method, credentials.map(options::withCallCredentials).orElse(options));
    }
}
