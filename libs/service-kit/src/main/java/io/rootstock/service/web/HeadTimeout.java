package io.rootstock.service.web;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes HTTP connections on which nothing is sent: after {@link WebSettings#headTimeout} before the first request, also
 * within its head; after 75 s between two requests; after 30 minutes while a request is answered, such as by a stream, and
 * on HTTP/2 from the first request on.
 */
@ApplicationScoped
class HeadTimeout implements HttpServerOptionsCustomizer {
    /** More than clients keep a connection for the next request. */
    private static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(75);

    private static final Duration WITHIN_REQUEST = Duration.ofMinutes(30);
    /** Vert.x's name of the handler that closes idle connections. */
    private static final String HANDLER = "idle";

    private final WebSettings settings;

    @Inject
    HeadTimeout(WebSettings settings) {
        this.settings = settings;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(settings.headTimeout().toMillis()));
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customizeHttpServer(options);
    }

    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(routing -> {
            allow(routing, WITHIN_REQUEST);
            if (routing.request().version() != HttpVersion.HTTP_2) {
                routing.addEndHandler(_ -> allow(routing, BETWEEN_REQUESTS));
            }
            routing.next();
        });
    }

    private static void allow(RoutingContext routing, Duration idle) {
        if (routing.request().connection() instanceof ConnectionBase connection) {
            ChannelPipeline pipeline = connection.channel().pipeline();
            if (pipeline.get(HANDLER) != null) {
                pipeline.replace(HANDLER, HANDLER, new IdleStateHandler(0, 0, idle.toMillis(), TimeUnit.MILLISECONDS));
            }
        }
    }
}
