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
 * Closes HTTP connections that send nothing: soon before their first request, also amid its head, later while a request
 * is answered, such as by a stream.
 */
@ApplicationScoped
class HeadTimeout implements HttpServerOptionsCustomizer {
    /** Between two requests: more than clients keep a connection for the next one. */
    private static final Duration BETWEEN = Duration.ofSeconds(75);

    private static final Duration AMID = Duration.ofMinutes(30);
    /** Vert.x's name of the handler. */
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
            allow(routing, AMID);
            if (routing.request().version() != HttpVersion.HTTP_2) {
                routing.addEndHandler(_ -> allow(routing, BETWEEN));
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
