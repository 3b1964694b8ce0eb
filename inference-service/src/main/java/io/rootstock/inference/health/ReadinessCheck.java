package io.rootstock.inference.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the service accepts requests, at /q/health/ready. */
@Readiness
@ApplicationScoped
class ReadinessCheck implements HealthCheck {
    private final Availability availability;

    @Inject
    ReadinessCheck(Availability availability) {
        this.availability = availability;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.builder()
                .name("takes requests")
                .status(availability.ready())
                .build();
    }
}
