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
import java.util.function.UnaryOperator;

/** Reads the caller's trace context (W3C {@code traceparent}) from a call's headers, if tracing is on. */
@GlobalInterceptor
@ApplicationScoped
public class CallerContext implements ServerInterceptor {
    private static final io.grpc.Context.Key<Context> CALLER = io.grpc.Context.key("caller's trace");

    private static final TextMapGetter<UnaryOperator<String>> HEADERS = new Headers();

    private final boolean on;

    /** For the client proxy of the CDI container. */
    CallerContext() {
        on = false;
    }

    @Inject
    CallerContext(InferenceSettings settings) {
        on = settings.tracesEndpoint().isPresent();
    }

    /** The trace context of the current call; an empty one if there is none. */
    static Context current() {
        Context caller = CALLER.get();
        return caller == null ? Context.root() : caller;
    }

    /**
     * The gRPC context of a call, with its trace context if tracing is on.
     *
     * @param headers returns a header's value by its name in lower case; null if the header is missing
     */
    public io.grpc.Context of(UnaryOperator<String> headers) {
        io.grpc.Context current = io.grpc.Context.current();
        return on
                ? current.withValue(
                        CALLER, W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, HEADERS))
                : current;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (!on) {
            return next.startCall(call, headers);
        }
        io.grpc.Context context = of(name -> headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
        return Contexts.interceptCall(context, call, headers, next);
    }

    private static final class Headers implements TextMapGetter<UnaryOperator<String>> {
        @Override
        public Iterable<String> keys(UnaryOperator<String> headers) {
            return W3CTraceContextPropagator.getInstance().fields();
        }

        @Override
        public String get(UnaryOperator<String> headers, String key) {
            return headers == null ? null : headers.apply(key);
        }
    }
}
