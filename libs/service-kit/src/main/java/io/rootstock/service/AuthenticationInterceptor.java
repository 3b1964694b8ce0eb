package io.rootstock.service;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GlobalInterceptor;
import io.rootstock.client.TokenCredentials;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;

/**
 * Rejects calls without the shared token if {@code rootstock.auth.token-file} is set. Health checks are exempt: probes
 * send no token. Runs as the outermost interceptor, so that a rejected call reaches no other code.
 */
@GlobalInterceptor
@ApplicationScoped
public class AuthenticationInterceptor implements ServerInterceptor, Prioritized {
    /** Before Quarkus' interceptors, except the one that creates a call's context. */
    private static final int OUTERMOST = Integer.MAX_VALUE - 10;

    private final BearerToken token;

    /** Required by the CDI client proxy. */
    AuthenticationInterceptor() {
        token = null;
    }

    @Inject
    AuthenticationInterceptor(BearerToken token) {
        this.token = token;
    }

    @Override
    public int getPriority() {
        return OUTERMOST;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (isHealth(call) || token.allows(headers.get(TokenCredentials.AUTHORIZATION))) {
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
}
