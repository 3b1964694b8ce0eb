package io.rootstock.registry.config;

import io.rootstock.registry.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** The registry is ready while its database answers. */
@Readiness
@ApplicationScoped
public class DatabaseHealth implements HealthCheck {
    private final Database database;

    @Inject
    DatabaseHealth(Database database) {
        this.database = database;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("database").status(database.answers()).build();
    }
}
