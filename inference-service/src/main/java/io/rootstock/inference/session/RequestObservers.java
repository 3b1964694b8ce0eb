package io.rootstock.inference.session;

import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.tracing.RequestSpans;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Creates the observers of requests. */
@ApplicationScoped
public class RequestObservers {
    private final ServingMetrics metrics;
    private final RequestSpans spans;

    @Inject
    RequestObservers(ServingMetrics metrics, RequestSpans spans) {
        this.metrics = metrics;
        this.spans = spans;
    }

    /**
     * Begins to observe a request.
     *
     * @param operation OpenTelemetry's name of the operation, such as {@code chat}
     * @param model the model's name in the request
     */
    public RequestObserver begin(String operation, String model) {
        return new RequestObserver(metrics, spans.begin(operation, model), operation);
    }
}
