package io.rootstock.service.lifecycle;

import io.grpc.netty.NettyServerBuilder;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.quarkus.runtime.Startup;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Age of the gRPC server's connections. */
@ApplicationScoped
@Startup // an invalid setting stops the start
class GrpcConnections implements ServerBuilderCustomizer<VertxServerBuilder> {
    private static final Duration MIN_AGE = Duration.ofSeconds(1);

    private final GrpcSettings settings;

    @Inject
    GrpcConnections(GrpcSettings settings) {
        this.settings = settings;
        require("connection-age", settings.connectionAge());
        settings.connectionAgeGrace().ifPresent(grace -> require("connection-age-grace", grace));
    }

    private static void require(String name, Duration value) {
        if (value.compareTo(MIN_AGE) < 0) {
            throw new IllegalStateException("rootstock.grpc." + name + " must be at least 1s, not " + value);
        }
    }

    @Override
    public void customize(GrpcServerConfiguration configuration, VertxServerBuilder builder) {
        limit(builder.nettyBuilder());
    }

    /** Sets the age of the connections. */
    void limit(NettyServerBuilder builder) {
        builder.maxConnectionAge(settings.connectionAge().toMillis(), TimeUnit.MILLISECONDS);
        settings.connectionAgeGrace()
                .ifPresent(grace -> builder.maxConnectionAgeGrace(grace.toMillis(), TimeUnit.MILLISECONDS));
    }
}
