package io.rootstock.service.request;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Installs {@link MalformedRequests} in the gRPC server. */
@ApplicationScoped
class RequestDecoding implements ServerBuilderCustomizer<VertxServerBuilder> {
    private final MeterRegistry meters;

    @Inject
    RequestDecoding(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void customize(GrpcServerConfiguration configuration, VertxServerBuilder builder) {
        builder.nettyBuilder().setBinaryLog(new MalformedRequests(meters));
    }
}
