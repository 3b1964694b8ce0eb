package io.rootstock.inference.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.scheduling.EngineLoad;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.DoubleStream;

/**
 * Counters and timers of serving. Thread-safe; every method returns immediately, because engines call them from the
 * decoding thread.
 */
@ApplicationScoped
public class ServingMetrics {
    private static final String PREFIX = "rootstock.inference.";

    /** Histogram buckets in seconds, for a small model on an idle machine up to a long queue of a large model. */
    private static final Duration[] WAITS =
            seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60);

    private static final Duration[] BETWEEN_TOKENS =
            seconds(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1);

    private static final Duration[] REQUESTS = seconds(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300);

    private final MeterRegistry registry;
    private final ConcurrentMap<String, EngineListener> engines = new ConcurrentHashMap<>();
    private volatile Function<String, List<EngineLoad>> loads = _ -> List.of();
    private volatile ToIntFunction<String> texts = _ -> 0;

    /** Registers the meters in this registry. */
    @Inject
    public ServingMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Sets the source of engine loads: called at every scrape with a model's name, returns the loads of its loaded
     * versions.
     */
    public void readLoadsFrom(Function<String, List<EngineLoad>> source) {
        loads = source;
    }

    /**
     * Sets the source of waiting texts: called at every scrape with a model's name, returns the texts that wait to be
     * read whole, over its loaded versions.
     */
    public void readTextsFrom(ToIntFunction<String> source) {
        texts = source;
    }

    /** The listener for the engines of this model (models/{m}). */
    public EngineListener engine(String model) {
        return engines.computeIfAbsent(model, EngineMeters::new);
    }

    /**
     * Records that a request was rejected or ended without a result.
     *
     * @param reason the reason of its ErrorInfo
     */
    public void refused(String reason) {
        counter("refusals", "Requests refused or ended without their answer", "reason", reason.toLowerCase(Locale.ROOT))
                .increment();
    }

    /**
     * Records the end of a request.
     *
     * @param operation name of the operation, such as {@code chat}
     * @param outcome {@code ok}, {@code refused}, {@code cancelled} or {@code error}
     */
    public void request(String operation, String outcome, Duration duration) {
        Timer.builder(PREFIX + "request.duration")
                .description("From the arrival of a request to its end")
                .tag("operation", operation)
                .tag("outcome", outcome)
                .serviceLevelObjectives(REQUESTS)
                .register(registry)
                .record(duration);
    }

    /**
     * Records the tokens of an ended completion.
     *
     * @param input prompt tokens
     * @param cached prompt tokens that came from the prefix cache
     * @param output generated tokens
     */
    public void tokens(int input, int cached, int output) {
        tokens("input").increment(input);
        tokens("cached").increment(cached);
        tokens("output").increment(output);
    }

    /** Records that a version replaced another. */
    public void swapped(String model) {
        counter("swaps", "Versions that took the place of another", "model", model)
                .increment();
    }

    /** Records a failed load. */
    public void loadFailed(String model) {
        counter("load.failures", "Versions that could not be loaded", "model", model)
                .increment();
    }

    /**
     * Creates the counters of a version that was just loaded; they are published under its name, added to those of
     * earlier loads.
     *
     * @param version models/{m}/versions/{n}
     */
    public VersionFigures version(String version) {
        return new VersionFigures(role -> new VersionMeters(Tags.of("version", version, "role", role.label())));
    }

    /** Records a shadow copy that was dropped because a canary had as many as slots. */
    public void shadowDropped(String model) {
        counter("shadows.dropped", "Copies of requests that were dropped because too many were at hand", "model", model)
                .increment();
    }

    private Counter tokens(String type) {
        return counter(
                "tokens",
                "Tokens of texts that ended: read from prompts, of those taken from memory, and made",
                "type",
                type);
    }

    private Counter counter(String name, String description, String tag, String value) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .tag(tag, value)
                .register(registry);
    }

    private static Duration[] seconds(double... values) {
        return DoubleStream.of(values)
                .mapToObj(value -> Duration.ofNanos(Math.round(value * 1e9)))
                .toArray(Duration[]::new);
    }

    /** The meters of one version in one role. */
    private final class VersionMeters implements VersionFigures.Meters {
        private final Timer firstToken;
        private final Timer whole;
        private final Counter tokens;
        private final Counter errors;

        VersionMeters(Tags tags) {
            firstToken = timer("version.time.to.first.token", "To the first token of a version's texts", tags);
            whole = timer("version.duration", "To the end of a version's texts", tags);
            tokens = Counter.builder(PREFIX + "version.tokens")
                    .description("Tokens that a version made")
                    .tags(tags)
                    .register(registry);
            errors = Counter.builder(PREFIX + "version.errors")
                    .description("Requests that a version failed")
                    .tags(tags)
                    .register(registry);
        }

        @Override
        public void finished(int made, double firstTokenSeconds, double totalSeconds) {
            tokens.increment(made);
            firstToken.record(Duration.ofNanos((long) (firstTokenSeconds * 1e9)));
            whole.record(Duration.ofNanos((long) (totalSeconds * 1e9)));
        }

        @Override
        public void failed() {
            errors.increment();
        }

        private Timer timer(String name, String description, Tags tags) {
            return Timer.builder(PREFIX + name)
                    .description(description)
                    .tags(tags)
                    .register(registry);
        }
    }

    /** The meters of one model's engine. */
    private final class EngineMeters implements EngineListener {
        private final Timer firstToken;
        private final Timer betweenTokens;
        private final Timer queueWait;
        private final DistributionSummary batch;

        EngineMeters(String model) {
            firstToken = timer("time.to.first.token", "From the arrival of a request to its first token", model, WAITS);
            betweenTokens = timer("inter.token.latency", "From one token of a text to the next", model, BETWEEN_TOKENS);
            queueWait = timer("queue.wait", "From the arrival of a request to its slot", model, WAITS);
            batch = DistributionSummary.builder(PREFIX + "batch")
                    .baseUnit("tokens")
                    .description("Tokens decoded at once: parts of prompts and one of each running text")
                    .tag("model", model)
                    .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
                    .register(registry);
            gauge("queue.depth", "Texts waiting for a slot", model, EngineLoad::queued);
            gauge("queue.tokens", "Prompt tokens of texts waiting for a slot", model, EngineLoad::queuedTokens);
            Gauge.builder(PREFIX + "texts.waiting", () -> texts.applyAsInt(model))
                    .description("Texts waiting to be classified or embedded")
                    .tag("model", model)
                    .register(registry);
            gauge("active", "Texts being decoded", model, EngineLoad::active);
            gauge("slots", "Texts that can be decoded at once", model, EngineLoad::slots);
            gauge("kv.cells.used", "Cells of the key-value cache that hold a token", model, EngineLoad::usedCells);
            gauge("kv.cells", "Cells of the key-value cache", model, EngineLoad::cells);
        }

        private void gauge(String name, String description, String model, ToDoubleFunction<EngineLoad> value) {
            Gauge.builder(
                            PREFIX + name,
                            () -> loads.apply(model).stream().mapToDouble(value).sum())
                    .description(description)
                    .tag("model", model)
                    .register(registry);
        }

        @Override
        public void firstToken(double seconds) {
            firstToken.record(duration(seconds));
        }

        @Override
        public void token(double seconds) {
            betweenTokens.record(duration(seconds));
        }

        @Override
        public void queueWait(double seconds) {
            queueWait.record(duration(seconds));
        }

        @Override
        public void batch(int tokens) {
            batch.record(tokens);
        }

        private static Duration duration(double seconds) {
            return Duration.ofNanos((long) (seconds * 1e9));
        }

        private Timer timer(String name, String description, String model, Duration[] buckets) {
            return Timer.builder(PREFIX + name)
                    .description(description)
                    .tag("model", model)
                    .serviceLevelObjectives(buckets)
                    .register(registry);
        }
    }
}
