package io.rootstock.registry.config;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rootstock.database.DatabaseStartException;
import io.rootstock.registry.canary.CanaryJudge;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Leadership;
import io.rootstock.registry.deletion.Expiry;
import io.rootstock.registry.finetuning.FineTuningLoops;
import io.rootstock.registry.identity.AuditRetention;
import io.rootstock.registry.job.JobLoops;
import io.rootstock.registry.metrics.RegistryMetrics;
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
    private final AuditRetention audit;
    private final Expiry expiry;
    private final CanaryJudge canaries;
    private final Changes changes;
    private final RegistryHealth health;
    private final RegistryMetrics metrics;
    private final RestoreAtStart restore;

    @Inject
    RegistryApplication(
            Database database,
            Leadership leadership,
            JobLoops loops,
            FineTuningLoops fineTunings,
            WebhookDispatcher webhooks,
            AuditRetention audit,
            Expiry expiry,
            CanaryJudge canaries,
            Changes changes,
            RegistryHealth health,
            RegistryMetrics metrics,
            RestoreAtStart restore) {
        this.database = database;
        this.leadership = leadership;
        this.loops = loops;
        this.fineTunings = fineTunings;
        this.webhooks = webhooks;
        this.audit = audit;
        this.expiry = expiry;
        this.canaries = canaries;
        this.changes = changes;
        this.health = health;
        this.metrics = metrics;
        this.restore = restore;
    }

    void start(@Observes @Priority(1) StartupEvent event) {
        if (restore.isRequested()) {
            Quarkus.asyncExit(restore.run() ? 0 : 1);
            return;
        }
        if (!database.answers()) {
            throw new DatabaseStartException("the database does not answer; see the log of its server");
        }
        metrics.start();
        leadership.start();
        loops.start();
        fineTunings.start();
        webhooks.start();
        audit.start();
        expiry.start();
        canaries.start();
        health.started();
    }

    void stop(@Observes ShutdownEvent event) {
        metrics.close();
        changes.close();
        canaries.close();
        audit.close();
        expiry.close();
        webhooks.close();
        fineTunings.close();
        loops.close();
        leadership.close();
    }
}
