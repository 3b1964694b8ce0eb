package io.rootstock.inference.tracing;

import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.quarkus.grpc.GlobalInterceptor;
import io.rootstock.inference.config.InferenceSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Takes the caller's trace (W3C {@code traceparent}) from a gRPC call's headers, if spans are sent anywhere. */
@GlobalInterceptor
@ApplicationScoped
public class CallerContext implements ServerInterceptor {
    private static final io.grpc.Context.Key<Context> CALLER = io.grpc.Context.key("caller's trace");

    private final boolean on;

    /** For the proxy that the container makes. */
    CallerContext() {
        on = false;
    }

    @Inject
    CallerContext(InferenceSettings settings) {
        on = settings.tracesEndpoint().isPresent();
    }

    /** The trace of the gRPC call that this thread works for; an empty one where there is none. */
    static Context current() {
        Context caller = CALLER.get();
        return caller == null ? Context.root() : caller;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (!on) {
            return next.startCall(call, headers);
        }
        Context caller = W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, new Headers());
        return Contexts.interceptCall(io.grpc.Context.current().withValue(CALLER, caller), call, headers, next);
    }

    private static final class Headers implements TextMapGetter<Metadata> {
        @Override
        public Iterable<String> keys(Metadata headers) {
            return headers.keys();
        }

        @Override
        public String get(Metadata headers, String key) {
            return headers == null ? null : headers.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
        }
    }
}
