package io.rootstock.registry.config;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The registry is ready while its database answers. */
@Readiness
@ApplicationScoped
public class DatabaseHealth implements HealthCheck {
    private final Provider<RegistryParts> parts;

    @Inject
    DatabaseHealth(Provider<RegistryParts> parts) {
        this.parts = parts;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("database")
                .status(parts.get().database().answers())
                .build();
    }
}
