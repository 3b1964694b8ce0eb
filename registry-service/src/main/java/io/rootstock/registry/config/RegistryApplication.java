package io.rootstock.registry.config;

import io.grpc.ManagedChannel;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.job.JobJournal;
import io.rootstock.registry.job.JobLoops;
import io.rootstock.registry.job.Jobs;
import io.rootstock.registry.job.Peers;
import io.rootstock.registry.model.Aliases;
import io.rootstock.registry.model.ArtifactCheck;
import io.rootstock.registry.model.Lineage;
import io.rootstock.registry.model.Models;
import io.rootstock.registry.watch.Changes;
import io.rootstock.service.GrpcChannels;
import io.rootstock.service.Home;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Puts the registry together: the database first, then the parts on it, then the loops that work by themselves. It
 * stops in the other order, and the embedded server last.
 */
@Startup
@Singleton
public class RegistryApplication {
    private final RegistrySettings settings;
    private final Home home;
    private final GrpcChannels channels;
    private final ArtifactStore store;
    private final Changes changes = new Changes();

    private DatabaseServer server;
    private Database database;
    private ManagedChannel tokenizer;
    private ManagedChannel trainer;
    private Peers peers;
    private JobLoops loops;

    @Inject
    RegistryApplication(RegistrySettings settings, Home home, GrpcChannels channels, ArtifactStore store) {
        this.settings = settings;
        this.home = home;
        this.channels = channels;
        this.store = store;
    }

    @PostConstruct
    void start() {
        server = settings.registry()
                .databaseUrl()
                .map(url -> DatabaseServer.external(
                        url,
                        settings.registry().databaseUser(),
                        settings.registry().databasePasswordFile()))
                .orElseGet(() -> DatabaseServer.embedded(home.directory()));
        database = Database.open(server.dataSource());
        tokenizer = channels.open(settings.tokenizer().endpoint());
        trainer = channels.open(settings.trainer().endpoint());
        peers = new Peers(tokenizer, trainer);
        loops = new JobLoops(database, peers, new JobJournal(database, new ArtifactCheck(store), changes), changes);
    }

    void stop(@Observes ShutdownEvent event) {
        changes.close();
        loops.close();
        tokenizer.shutdownNow();
        trainer.shutdownNow();
        database.close();
        server.close();
    }

    @Produces
    @Singleton
    Database database() {
        return database;
    }

    @Produces
    @Singleton
    Changes changes() {
        return changes;
    }

    @Produces
    @Singleton
    Models models() {
        return new Models(database, new ArtifactCheck(store));
    }

    @Produces
    @Singleton
    Aliases aliases() {
        return new Aliases(database, changes);
    }

    @Produces
    @Singleton
    Lineage lineage() {
        return new Lineage(database);
    }

    @Produces
    @Singleton
    Jobs jobs() {
        return new Jobs(database, peers, changes);
    }
}
