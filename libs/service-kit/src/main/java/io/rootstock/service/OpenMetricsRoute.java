package io.rootstock.service;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * Metrics in the OpenMetrics format for clients that ask for it: Quarkus answers their {@code Accept} header only if it
 * equals its own content type.
 */
@ApplicationScoped
@SuppressWarnings("deprecation") // the class of the framework's registry
class OpenMetricsRoute {
    private static final String PATH = "/q/metrics";
    private static final String FORMAT = "application/openmetrics-text";
    /** Before the route of the framework. */
    private static final int ORDER = 0;

    private final PrometheusMeterRegistry meters;

    @Inject
    OpenMetricsRoute(PrometheusMeterRegistry meters) {
        this.meters = meters;
    }

    void register(@Observes Router router) {
        router.get(PATH).order(ORDER).handler(this::answer);
    }

    private void answer(RoutingContext request) {
        String accepted = request.request().getHeader("Accept");
        if (accepted == null || !accepted.contains(FORMAT)) {
            request.next();
            return;
        }
        request.response()
                .putHeader("Content-Type", TextFormat.CONTENT_TYPE_OPENMETRICS_100)
                .end(meters.scrape(TextFormat.CONTENT_TYPE_OPENMETRICS_100));
    }
}
