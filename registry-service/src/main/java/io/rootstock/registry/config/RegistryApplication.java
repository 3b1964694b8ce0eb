package io.rootstock.registry.config;

import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.quarkus.grpc.runtime.health.GrpcHealthStorage;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseStartException;
import io.rootstock.registry.job.JobLoops;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.ResourceServiceGrpc;
import io.rootstock.registry.watch.Changes;
import io.rootstock.storage.v1.StorageServiceGrpc;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;

/**
 * Opens the database, starts the background loops, and stops them before the database closes. Calls that arrive while
 * the database opens wait; the health service reports SERVING once the start is complete.
 */
@ApplicationScoped
public class RegistryApplication {
    private static final List<String> SERVICES = List.of(
            ModelServiceGrpc.SERVICE_NAME,
            JobServiceGrpc.SERVICE_NAME,
            ResourceServiceGrpc.SERVICE_NAME,
            StorageServiceGrpc.SERVICE_NAME);

    private final Database database;
    private final JobLoops loops;
    private final Changes changes;
    private final GrpcHealthStorage health;

    @Inject
    RegistryApplication(Database database, JobLoops loops, Changes changes, GrpcHealthStorage health) {
        this.database = database;
        this.loops = loops;
        this.changes = changes;
        this.health = health;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        SERVICES.forEach(service -> health.setStatus(service, ServingStatus.NOT_SERVING));
        if (!database.answers()) {
            throw new DatabaseStartException("the database does not answer; see the log of its server");
        }
        loops.start();
        SERVICES.forEach(service -> health.setStatus(service, ServingStatus.SERVING));
    }

    void stop(@Observes ShutdownEvent event) {
        changes.close();
        loops.close();
    }
}
