package io.rootstock.service;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GlobalInterceptor;
import io.rootstock.service.tls.ClientCertificate;
import io.rootstock.service.tls.ServerTls;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import jakarta.inject.Inject;
import java.util.List;

/** Puts the name of the client's certificate into {@link ClientCertificate#NAME} and refuses names that are not allowed. */
@GlobalInterceptor
@ApplicationScoped
public class ClientCertificateInterceptor implements ServerInterceptor, Prioritized {
    /** Before the authentication of calls, which may use the name. */
    private static final int BEFORE_AUTHENTICATION = Integer.MAX_VALUE - 8;

    private final ServerTls tls;

    /** Required by the CDI client proxy. */
    ClientCertificateInterceptor() {
        tls = null;
    }

    @Inject
    ClientCertificateInterceptor(ServerTls tls) {
        this.tls = tls;
    }

    @Override
    public int getPriority() {
        return BEFORE_AUTHENTICATION;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        List<String> names = ClientCertificate.names(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        if (!tls.allows(names)) {
            StatusRuntimeException refusal =
                    Errors.permissionDenied("PEER_NOT_ALLOWED", names + " is not in rootstock.tls.allowed-peers");
            call.close(refusal.getStatus(), refusal.getTrailers());
            return new ServerCall.Listener<>() {};
        }
        if (names.isEmpty()) {
            return next.startCall(call, headers);
        }
        Context context = Context.current().withValue(ClientCertificate.NAME, names.getFirst());
        return Contexts.interceptCall(context, call, headers, next);
    }
}
