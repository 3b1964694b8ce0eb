package io.rootstock.registry.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rootstock.job.v1.JobKind;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.Leadership;
import io.rootstock.service.metrics.PeriodicSample;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;

/**
 * Gauges of the registry. All registries of a database export equal numbers of jobs and entries of outboxes, so that
 * a query takes their maximum.
 */
@ApplicationScoped
public class RegistryMetrics implements AutoCloseable {
    private static final String PREFIX = "rootstock.registry.";
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final Database database;
    private final Leadership leadership;
    private final MeterRegistry meters;
    private PeriodicSample<StoredWork> work;

    /** Creates the metrics without registering them. */
    @Inject
    public RegistryMetrics(Database database, Leadership leadership, MeterRegistry meters) {
        this.database = database;
        this.leadership = leadership;
        this.meters = meters;
    }

    /** Registers the metrics and starts to read the database, once. */
    public synchronized void start() {
        database.export(meters);
        work = new PeriodicSample<>("registry-metrics", PERIOD, () -> StoredWork.read(database));
        PeriodicSample<StoredWork> sample = work;
        Gauge.builder(PREFIX + "leads", leadership, candidate -> candidate.held() ? 1 : 0)
                .description("Whether this registry runs the background loops: 1 or 0")
                .register(meters);
        Gauge.builder(PREFIX + "database.up", sample, last -> last.last().isPresent() ? 1 : 0)
                .description("Whether the last reading of the database succeeded: 1 or 0")
                .register(meters);
        for (String kind : EnumNames.all(JobKind.class)) {
            for (String state : EnumNames.all(JobState.class)) {
                StoredWork.JobGroup group = new StoredWork.JobGroup(kind, state);
                Gauge.builder(
                                PREFIX + "jobs",
                                sample,
                                last -> last.number(read -> read.jobs().getOrDefault(group, 0L)))
                        .description("Jobs by kind and state")
                        .tag("kind", kind.toLowerCase(Locale.ROOT))
                        .tag("state", state.toLowerCase(Locale.ROOT))
                        .register(meters);
            }
        }
        backlog("commands", "Commands that the trainer has not answered", StoredWork::commands);
        backlog("webhook.deliveries", "Deliveries that no endpoint has accepted yet", StoredWork::deliveries);
    }

    /** Stops to read the database. */
    @Override
    public synchronized void close() {
        if (work != null) {
            work.close();
        }
    }

    private void backlog(String name, String description, Function<StoredWork, StoredWork.Backlog> backlog) {
        Gauge.builder(
                        PREFIX + name,
                        work,
                        sample -> sample.number(last -> backlog.apply(last).count()))
                .description(description)
                .register(meters);
        Gauge.builder(
                        PREFIX + name + ".age",
                        work,
                        sample -> sample.number(last -> backlog.apply(last).seconds()))
                .description(description + ": age of the oldest")
                .baseUnit("seconds")
                .register(meters);
    }
}
