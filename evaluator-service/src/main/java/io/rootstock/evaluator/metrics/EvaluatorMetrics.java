package io.rootstock.evaluator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Counters and gauges of the evaluator. */
public final class EvaluatorMetrics {
    private final MeterRegistry meters;
    private final Counter scored;
    private final Counter cached;
    private final Counter restarts;
    private final AtomicInteger running = new AtomicInteger();

    public EvaluatorMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.scored = rows("model");
        this.cached = rows("cache");
        this.restarts = Counter.builder("rootstock.evaluator.engine.restarts")
                .description("Restarts of the inference process after a crash")
                .register(meters);
        Gauge.builder("rootstock.evaluator.running", running, AtomicInteger::get)
                .description("1 while an evaluation is scored, else 0")
                .register(meters);
    }

    private Counter rows(String source) {
        return Counter.builder("rootstock.evaluator.rows")
                .description("Rows by the source of their responses")
                .tag("source", source)
                .register(meters);
    }

    /** Counts a row whose responses the model computed. */
    public void rowScored() {
        scored.increment();
    }

    /** Counts a row whose responses were cached. */
    public void rowCached() {
        cached.increment();
    }

    /** Counts restarts of the inference process. */
    public void restarted(int count) {
        restarts.increment(count);
    }

    /** An evaluation begins. */
    public void begin() {
        running.set(1);
    }

    /**
     * An evaluation ends.
     *
     * @param outcome succeeded, failed, cancelled, lost or stopped
     */
    public void end(String outcome) {
        running.set(0);
        Counter.builder("rootstock.evaluator.evaluations")
                .description("Evaluations by outcome")
                .tag("outcome", outcome)
                .register(meters)
                .increment();
    }
}
