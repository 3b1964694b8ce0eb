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
 * Refuses calls without the shared token, when {@code rootstock.auth.token-file} is set. Health is exempt: probes
 * carry no token. It stands outermost, so that a refused call reaches nothing.
 */
@GlobalInterceptor
@ApplicationScoped
public class AuthenticationInterceptor implements ServerInterceptor, Prioritized {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    static final String SCHEME = "Bearer ";

    /** Above Quarkus' own interceptors, but for the one that gives a call its context. */
    private static final int OUTERMOST = Integer.MAX_VALUE - 10;

    private final Optional<TokenFile> token;

    /** For the proxy that the container makes. */
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
