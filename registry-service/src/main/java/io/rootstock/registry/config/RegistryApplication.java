package io.rootstock.registry.config;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseStartException;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.deletion.Expiry;
import io.rootstock.registry.finetuning.FineTuningLoops;
import io.rootstock.registry.job.JobLoops;
import io.rootstock.registry.watch.Changes;
import io.rootstock.registry.webhook.WebhookDispatcher;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

/**
 * Opens the database, starts the background loops, and stops them before the database closes. Calls that arrive while
 * the database opens wait; the health service reports SERVING once the start is complete.
 */
@ApplicationScoped
public class RegistryApplication {
    private final Database database;
    private final Leadership leadership;
    private final JobLoops loops;
    private final FineTuningLoops fineTunings;
    private final WebhookDispatcher webhooks;
    private final Expiry expiry;
    private final Changes changes;
    private final RegistryHealth health;

    @Inject
    RegistryApplication(
            Database database,
            Leadership leadership,
            JobLoops loops,
            FineTuningLoops fineTunings,
            WebhookDispatcher webhooks,
            Expiry expiry,
            Changes changes,
            RegistryHealth health) {
        this.database = database;
        this.leadership = leadership;
        this.loops = loops;
        this.fineTunings = fineTunings;
        this.webhooks = webhooks;
        this.expiry = expiry;
        this.changes = changes;
        this.health = health;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        if (!database.answers()) {
            throw new DatabaseStartException("the database does not answer; see the log of its server");
        }
        leadership.start();
        loops.start();
        fineTunings.start();
        webhooks.start();
        expiry.start();
        health.started();
    }

    void stop(@Observes ShutdownEvent event) {
        changes.close();
        expiry.close();
        webhooks.close();
        fineTunings.close();
        loops.close();
        leadership.close();
    }
}
