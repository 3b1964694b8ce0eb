package io.rootstock.registry.config;

import io.grpc.ManagedChannel;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseServer;
import io.rootstock.registry.deletion.ExpiryLimits;
import io.rootstock.registry.file.FileLimits;
import io.rootstock.registry.finetuning.DatasetClient;
import io.rootstock.registry.job.JobRetention;
import io.rootstock.registry.job.Peers;
import io.rootstock.registry.lease.LeaseTerm;
import io.rootstock.registry.webhook.EndpointPolicy;
import io.rootstock.registry.webhook.WebhookSender;
import io.rootstock.scheduling.Policy;
import io.rootstock.service.GrpcChannels;
import io.rootstock.service.Home;
import io.rootstock.storage.v1.ReferenceServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Creates the beans that depend on settings: the database and the clients of the other services. */
@ApplicationScoped
public class RegistryBeans {
    private final RegistrySettings settings;
    private final ManagedChannel tokenizer;
    private final ManagedChannel trainer;

    @Inject
    RegistryBeans(RegistrySettings settings, GrpcChannels channels) {
        this.settings = settings;
        this.tokenizer = channels.open(
                settings.tokenizer().endpoint(),
                DatasetServiceGrpc.getServiceDescriptor(),
                TokenizerServiceGrpc.getServiceDescriptor(),
                ReferenceServiceGrpc.getServiceDescriptor());
        this.trainer = channels.open(
                settings.trainer().endpoint(),
                TrainerServiceGrpc.getServiceDescriptor(),
                ReferenceServiceGrpc.getServiceDescriptor());
    }

    /** Starts the embedded server, unless the settings name an external one, and opens the database. */
    @Produces
    @ApplicationScoped
    Database database(Home home) {
        return Database.open(server(settings.registry(), home));
    }

    /** Starts the embedded server, unless the settings name an external one. */
    static DatabaseServer server(RegistrySettings.Registry registry, Home home) {
        return registry.databaseUrl()
                .map(url -> DatabaseServer.external(url, registry.databaseUser(), registry.databasePasswordFile()))
                .orElseGet(() -> DatabaseServer.embedded(home.directory()));
    }

    void close(@Disposes Database database) {
        database.close();
    }

    @Produces
    @ApplicationScoped
    Peers peers() {
        return new Peers(tokenizer, trainer, settings.registry().trainerLostAfter());
    }

    @Produces
    @ApplicationScoped
    DatasetClient datasets() {
        return new DatasetClient(tokenizer);
    }

    @Produces
    @Singleton
    FileLimits fileLimits() {
        RegistrySettings.Registry registry = settings.registry();
        return new FileLimits(
                registry.files(),
                registry.fileSpace().asLongValue(),
                registry.userFileSpace().asLongValue(),
                registry.uploadTime());
    }

    @Produces
    @Singleton
    JobRetention jobRetention() {
        RegistrySettings.Registry registry = settings.registry();
        return new JobRetention(registry.eventRetention(), registry.runRetention());
    }

    @Produces
    @Singleton
    LeaseTerm leaseTerm() {
        return new LeaseTerm(settings.registry().lease());
    }

    @Produces
    @Singleton
    Policy policy() {
        RegistrySettings.Registry registry = settings.registry();
        return new Policy(
                seconds("share-half-life", registry.shareHalfLife()),
                seconds("queue-aging", registry.queueAging()),
                registry.minimumRunTime().toMillis() / 1000.0,
                Policy.DEFAULT.stop());
    }

    private static double seconds(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException("rootstock.registry." + name + " must be above 0, was " + duration);
        }
        return duration.toMillis() / 1000.0;
    }

    @Produces
    @Singleton
    ExpiryLimits expiryLimits() {
        RegistrySettings.Registry registry = settings.registry();
        return new ExpiryLimits(registry.unpromotedTtl(), registry.retiredTtl(), registry.fileTtl());
    }

    @Produces
    @Singleton
    EndpointPolicy endpointPolicy() {
        return new EndpointPolicy(settings.registry().webhookPrivateAddresses());
    }

    @Produces
    @Singleton
    WebhookSender webhookSender(Vertx vertx, EndpointPolicy policy) {
        return new WebhookSender(vertx, policy);
    }

    void close(@Disposes WebhookSender sender) {
        sender.close();
    }

    void close(@Disposes Peers peers) {
        tokenizer.shutdownNow();
        trainer.shutdownNow();
    }
}
