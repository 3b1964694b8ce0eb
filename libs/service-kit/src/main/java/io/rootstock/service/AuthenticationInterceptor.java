package io.rootstock.service;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Rejects calls without the shared token if {@code rootstock.auth.token-file} is set. Health checks are exempt: probes
 * send no token. Runs as the outermost interceptor, so that a rejected call reaches no other code.
 */
@GlobalInterceptor
@ApplicationScoped
public class AuthenticationInterceptor implements ServerInterceptor, Prioritized {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    static final String SCHEME = "Bearer ";

    /** Before Quarkus' interceptors, except the one that creates a call's context. */
    private static final int OUTERMOST = Integer.MAX_VALUE - 10;

    private final Optional<TokenFile> token;

    /** Required by the CDI client proxy. */
    AuthenticationInterceptor() {
        token = Optional.empty();
    }

    @Inject
    AuthenticationInterceptor(CommonSettings settings) {
        token = settings.auth().tokenFile().map(TokenFile::new);
    }

    @Override
    public int getPriority() {
        return OUTERMOST;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (token.isEmpty() || isHealth(call) || token.get().matches(bearer(headers))) {
            return next.startCall(call, headers);
        }
        StatusRuntimeException refusal = Errors.unauthenticated(
                "this service wants the token of rootstock.auth.token-file in the header `authorization: Bearer <token>`");
        call.close(refusal.getStatus(), refusal.getTrailers());
        return new ServerCall.Listener<>() {};
    }

    private static boolean isHealth(ServerCall<?, ?> call) {
        return "grpc.health.v1.Health".equals(call.getMethodDescriptor().getServiceName());
    }

    private static String bearer(Metadata headers) {
        String value = headers.get(AUTHORIZATION);
        boolean has = value != null && value.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        return has ? value.substring(SCHEME.length()).strip() : "";
    }
}
