package io.rootstock.cli.installation;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.cli.installation.ServiceStatus.Health;
import java.util.concurrent.TimeUnit;

/** Checks the health of a service on the loopback interface through grpc.health.v1. */
final class HealthProbe {
    private static final int DEADLINE_SECONDS = 2;

    private HealthProbe() {}

    static Health check(Service service, int grpcPort) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
        try {
            ServingStatus status = HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.newBuilder()
                            .setService(service.healthName())
                            .build())
                    .getStatus();
            return status == ServingStatus.SERVING ? Health.SERVING : Health.NOT_SERVING;
        } catch (StatusRuntimeException unreachable) {
            return switch (unreachable.getStatus().getCode()) {
                case NOT_FOUND -> Health.NOT_SERVING;
                default -> Health.UNREACHABLE;
            };
        } finally {
            channel.shutdownNow();
        }
    }
}
