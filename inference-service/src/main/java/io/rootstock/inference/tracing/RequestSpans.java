package io.rootstock.inference.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.quarkus.runtime.Shutdown;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.config.InferenceSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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

    /** Sends spans to a collector over OTLP/HTTP, in batches, on its own thread. */
    private record SpanExport(SdkTracerProvider sdk) implements AutoCloseable {
        private static final long FLUSH_SECONDS = 5;

        /** Exports to {@code <endpoint>/v1/traces}. */
        static SpanExport to(URI endpoint) {
            String base = endpoint.toString();
            String traces = (base.endsWith("/") ? base : base + "/") + "v1/traces";
            Resource service = Resource.create(Attributes.of(
                    AttributeKey.stringKey("service.name"), "inference-service",
                    AttributeKey.stringKey("service.namespace"), "rootstock"));
            return new SpanExport(SdkTracerProvider.builder()
                    .setResource(Resource.getDefault().merge(service))
                    .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                    .setEndpoint(traces)
                                    .build())
                            .build())
                    .build());
        }

        TracerProvider provider() {
            return sdk;
        }

        @Override
        public void close() {
            sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
        }
    }
}
