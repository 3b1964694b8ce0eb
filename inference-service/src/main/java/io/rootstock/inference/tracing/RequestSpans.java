package io.rootstock.inference.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.quarkus.runtime.Shutdown;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.config.InferenceSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** Creates a span for each request. The exporter's sender is found by name, so the native image must know it. */
@ApplicationScoped
@Startup // an invalid endpoint stops the start
@RegisterForReflection(classNames = "io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider")
public class RequestSpans {
    private static final String SCOPE = "io.rootstock.inference";

    private final Optional<SpanExport> export;
    private final Tracer tracer;

    @Inject
    RequestSpans(InferenceSettings settings) {
        export = settings.tracesEndpoint().map(SpanExport::to);
        tracer =
                export.map(SpanExport::provider).orElseGet(TracerProvider::noop).get(SCOPE);
    }

    /**
     * Begins the span of a request; a child of the caller's span, if the call carries one.
     *
     * @param operation {@code chat}, {@code text_completion}, {@code embeddings} and others
     * @param model the model's name in the request
     */
    public RequestSpan begin(String operation, String model) {
        if (export.isEmpty()) {
            return new RequestSpan(Span.getInvalid());
        }
        SpanBuilder builder = tracer.spanBuilder(operation + " " + model)
                .setSpanKind(SpanKind.INTERNAL)
                .setParent(CallerContext.current())
                .setAttribute("gen_ai.operation.name", operation)
                .setAttribute("gen_ai.provider.name", "rootstock")
                .setAttribute("gen_ai.request.model", model);
        return new RequestSpan(builder.startSpan());
    }

    /** Sends the remaining spans. */
    @Shutdown
    void flush() {
        export.ifPresent(SpanExport::close);
    }
}
