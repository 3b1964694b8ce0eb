package io.rootstock.inference.generate;

import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.tracing.RequestSpans;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Begins to observe requests. */
@Singleton
class RequestObservers {
    private final ServingMetrics metrics;
    private final RequestSpans spans;

    @Inject
    RequestObservers(ServingMetrics metrics, RequestSpans spans) {
        this.metrics = metrics;
        this.spans = spans;
    }

    /**
     * A request arrives.
     *
     * @param operation as OpenTelemetry names it, such as {@code chat}
     * @param model as the request names it
     */
    RequestObserver begin(String operation, String model) {
        return new RequestObserver(metrics, spans.begin(operation, model), operation);
    }
}
