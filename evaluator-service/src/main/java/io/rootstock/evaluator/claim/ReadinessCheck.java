package io.rootstock.evaluator.claim;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the service claims evaluations, at /q/health/ready. */
@Readiness
@ApplicationScoped
class ReadinessCheck implements HealthCheck {
    private final Evaluator evaluator;

    @Inject
    ReadinessCheck(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.builder()
                .name("claims evaluations")
                .status(evaluator.isRunning())
                .withData("registry", evaluator.isRegistryAvailable() ? "available" : "unavailable")
                .build();
    }
}
