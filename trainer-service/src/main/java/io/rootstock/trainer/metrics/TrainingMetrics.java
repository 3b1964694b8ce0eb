package io.rootstock.trainer.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.rootstock.names.EnumNames;
import io.rootstock.service.metrics.PeriodicSample;
import io.rootstock.trainer.run.Runs;
import io.rootstock.trainer.v1.RunState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;

/** Gauges and counters of the trainer. */
@ApplicationScoped
class TrainingMetrics {
    private static final String PREFIX = "rootstock.trainer.";
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private final Runs runs;
    private final MeterRegistry meters;
    private PeriodicSample<RunActivity.Figures> activity;

    @Inject
    TrainingMetrics(Runs runs, MeterRegistry meters) {
        this.runs = runs;
        this.meters = meters;
    }

    synchronized void start(@Observes StartupEvent event) {
        RunActivity followed = new RunActivity();
        activity = new PeriodicSample<>("trainer-metrics", PERIOD, () -> followed.read(runs.running(), Instant.now()));
        for (RunState state : RunState.values()) {
            if (state != RunState.RUN_STATE_UNSPECIFIED && state != RunState.UNRECOGNIZED) {
                Gauge.builder(PREFIX + "runs", runs, all -> all.count(state))
                        .description("Runs by state")
                        .tag("state", EnumNames.lowerCase(state))
                        .register(meters);
            }
        }
        FunctionCounter.builder(PREFIX + "worker.failures", runs, Runs::workerFailures)
                .description("Workers that ended without an outcome")
                .register(meters);
        gauge("tokens.per.second", "Speed of all running runs, without padding", RunActivity.Figures::tokensPerSecond);
        seconds(
                "checkpoint.age",
                "Time since the oldest newest checkpoint of a running run",
                RunActivity.Figures::checkpointAge);
        seconds(
                "event.age",
                "Time since the last event of the running run that is silent for longest",
                RunActivity.Figures::eventAge);
    }

    synchronized void stop(@Observes ShutdownEvent event) {
        activity.close();
    }

    private void gauge(String name, String description, ToDoubleFunction<RunActivity.Figures> value) {
        builder(name, description, value).register(meters);
    }

    private void seconds(String name, String description, ToDoubleFunction<RunActivity.Figures> value) {
        builder(name, description, value).baseUnit("seconds").register(meters);
    }

    private Gauge.Builder<PeriodicSample<RunActivity.Figures>> builder(
            String name, String description, ToDoubleFunction<RunActivity.Figures> value) {
        return Gauge.builder(PREFIX + name, activity, sample -> sample.number(value))
                .description(description);
    }
}
