package io.rootstock.inference.grpc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.rootstock.inference.engine.Output;
import io.rootstock.inference.serving.Serving;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;

/** The figures of serving, under /q/metrics. */
@ApplicationScoped
class InferenceMetrics {
    private final Counter refused;
    private final Counter promptTokens;
    private final Counter completionTokens;
    private final Timer firstToken;

    /** For the proxy that the container makes. */
    InferenceMetrics() {
        refused = null;
        promptTokens = null;
        completionTokens = null;
        firstToken = null;
    }

    @Inject
    InferenceMetrics(MeterRegistry registry, Serving serving) {
        refused = Counter.builder("rootstock.inference.refused")
                .description("Requests refused because the queue was full")
                .register(registry);
        promptTokens = Counter.builder("rootstock.inference.tokens")
                .tag("type", "prompt")
                .description("Tokens of finished requests")
                .register(registry);
        completionTokens = Counter.builder("rootstock.inference.tokens")
                .tag("type", "completion")
                .description("Tokens of finished requests")
                .register(registry);
        firstToken = Timer.builder("rootstock.inference.first.token")
                .description("Time from arrival to the first token")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        registry.gauge(
                "rootstock.inference.requests",
                serving,
                served -> served.models().requests());
    }

    void refused() {
        refused.increment();
    }

    void finished(Output.End end) {
        promptTokens.increment(end.promptTokens());
        completionTokens.increment(end.completionTokens());
        firstToken.record((long) (end.firstTokenMilliseconds() * 1000), TimeUnit.MICROSECONDS);
    }
}
