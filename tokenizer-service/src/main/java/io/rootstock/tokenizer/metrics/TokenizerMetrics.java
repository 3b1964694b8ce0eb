package io.rootstock.tokenizer.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rootstock.names.EnumNames;
import io.rootstock.service.metrics.PeriodicSample;
import io.rootstock.tokenizer.catalogue.CatalogueDatabase;
import io.rootstock.tokenizer.catalogue.RunningOperations;
import io.rootstock.tokenizer.v1.CorpusState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Locale;

/**
 * Gauges of the tokenizer service. All services of a database export equal numbers of corpora, so that a query takes their
 * maximum.
 */
@ApplicationScoped
class TokenizerMetrics {
    private static final String PREFIX = "rootstock.tokenizer.";
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final CatalogueDatabase database;
    private final RunningOperations operations;
    private final MeterRegistry meters;
    private PeriodicSample<StoredCorpora> corpora;

    @Inject
    TokenizerMetrics(CatalogueDatabase database, RunningOperations operations, MeterRegistry meters) {
        this.database = database;
        this.operations = operations;
        this.meters = meters;
    }

    synchronized void start(@Observes StartupEvent event) {
        database.export(meters);
        corpora = new PeriodicSample<>("tokenizer-metrics", PERIOD, () -> StoredCorpora.read(database));
        Gauge.builder(PREFIX + "database.up", corpora, sample -> sample.last().isPresent() ? 1 : 0)
                .description("Whether the last reading of the database succeeded: 1 or 0")
                .register(meters);
        Gauge.builder(PREFIX + "operations", operations, RunningOperations::running)
                .description("Preparations of datasets and trainings of tokenizers that this service runs")
                .register(meters);
        Gauge.builder(PREFIX + "corpora.lost.leases", corpora, sample -> sample.number(StoredCorpora::lostLeases))
                .description("Processes that ended while they ran a corpus that is queued or running now")
                .register(meters);
        EnumNames.all(CorpusState.class).forEach(this::byState);
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        corpora.close();
    }

    private void byState(String state) {
        Gauge.builder(
                        PREFIX + "corpora",
                        corpora,
                        sample -> sample.number(last -> last.byState().getOrDefault(state, 0L)))
                .description("Corpora by state")
                .tag("state", state.toLowerCase(Locale.ROOT))
                .register(meters);
    }
}
