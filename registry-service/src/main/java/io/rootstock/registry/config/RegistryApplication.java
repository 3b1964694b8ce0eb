package io.rootstock.registry.config;

import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.ManagedChannel;
import io.quarkus.grpc.runtime.health.GrpcHealthStorage;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.service.GrpcChannels;
import io.rootstock.service.Home;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Starts the database and then the registry, and stops them in reverse order. Calls that arrive during the start wait;
 * the health service reports SERVING once the start is complete.
 */
@Singleton
public class RegistryApplication {
    private static final List<String> SERVICES = List.of(ModelServiceGrpc.SERVICE_NAME, JobServiceGrpc.SERVICE_NAME);

    private final RegistrySettings settings;
    private final Home home;
    private final GrpcChannels channels;
    private final ArtifactStore store;
    private final GrpcHealthStorage health;

    private DatabaseServer server;
    private Database database;
    private ManagedChannel tokenizer;
    private ManagedChannel trainer;
    private RegistryParts parts;

    @Inject
    RegistryApplication(
            RegistrySettings settings,
            Home home,
            GrpcChannels channels,
            ArtifactStore store,
            GrpcHealthStorage health) {
        this.settings = settings;
        this.home = home;
        this.channels = channels;
        this.store = store;
        this.health = health;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        SERVICES.forEach(service -> health.setStatus(service, ServingStatus.NOT_SERVING));
        parts();
        SERVICES.forEach(service -> health.setStatus(service, ServingStatus.SERVING));
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        if (parts != null) {
            parts.close();
            tokenizer.shutdownNow();
            trainer.shutdownNow();
            database.close();
        }
        if (server != null) {
            server.close();
        }
    }

    /** The running registry; the first call starts it. */
    @Produces
    @Singleton
    synchronized RegistryParts parts() {
        if (parts == null) {
            server = openServer();
            database = Database.open(server.dataSource());
            tokenizer = channels.open(settings.tokenizer().endpoint());
            trainer = channels.open(settings.trainer().endpoint());
            parts = RegistryParts.start(database, store, tokenizer, trainer);
        }
        return parts;
    }

    private DatabaseServer openServer() {
        RegistrySettings.Registry registry = settings.registry();
        return registry.databaseUrl()
                .map(url -> DatabaseServer.external(url, registry.databaseUser(), registry.databasePasswordFile()))
                .orElseGet(() -> DatabaseServer.embedded(home.directory()));
    }
}
