package io.rootstock.cli.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.rootstock.cli.installation.Service;
import io.rootstock.cli.installation.ServiceStatus.Health;
import java.util.concurrent.TimeUnit;

/**
 * Health of a service at an endpoint, which may be on another machine.
 *
 * @param health SERVING, NOT_SERVING or UNREACHABLE
 * @param reason why it is unreachable; else empty
 */
public record EndpointHealth(Health health, String reason) {
    private static final int DEADLINE_SECONDS = 5;

    /** Asks a service for its health. */
    public static EndpointHealth of(Clients clients, Service service) {
        try {
            ServingStatus status = clients.health(service)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.newBuilder()
                            .setService(service.healthName())
                            .build())
                    .getStatus();
            return new EndpointHealth(status == ServingStatus.SERVING ? Health.SERVING : Health.NOT_SERVING, "");
        } catch (StatusRuntimeException failure) {
            Status status = failure.getStatus();
            return status.getCode() == Status.Code.NOT_FOUND
                    ? new EndpointHealth(Health.NOT_SERVING, "")
                    : new EndpointHealth(Health.UNREACHABLE, status.getCode() + ": " + status.getDescription());
        }
    }
}
