package io.rootstock.inference.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** Sends spans to a collector over OTLP/HTTP, in batches, on its own thread. */
record SpanExport(SdkTracerProvider sdk) implements AutoCloseable {
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
