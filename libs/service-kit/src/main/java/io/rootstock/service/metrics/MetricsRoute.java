package io.rootstock.service.metrics;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * Metrics in OpenMetrics' format for clients that accept it, else in Prometheus' text format, which {@code promtool} and {@code
 * curl} expect: Quarkus compares the {@code Accept} header as a whole and prefers OpenMetrics.
 */
@ApplicationScoped
@SuppressWarnings("deprecation") // the class of the framework's registry
class MetricsRoute {
    private static final String PATH = "/q/metrics";
    /** Before the route of the framework. */
    private static final int ORDER = 0;

    private final PrometheusMeterRegistry meters;

    @Inject
    MetricsRoute(PrometheusMeterRegistry meters) {
        this.meters = meters;
    }

    void register(@Observes Router router) {
        router.get(PATH).order(ORDER).handler(this::answer);
    }

    private void answer(RoutingContext request) {
        String type = TextFormat.chooseContentType(request.request().getHeader("Accept"));
        request.response().putHeader("Content-Type", type).end(meters.scrape(type));
    }
}
