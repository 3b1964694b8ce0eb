package io.rootstock.service.tls;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;

/** Records the name of the last caller's certificate, where calls are authenticated. */
@GlobalInterceptor
@ApplicationScoped
public class CallerRecorder implements ServerInterceptor, Prioritized {
    static volatile String name;

    @Override
    public int getPriority() {
        return Integer.MAX_VALUE - 10;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        name = ClientCertificate.NAME.get();
        return next.startCall(call, headers);
    }
}
