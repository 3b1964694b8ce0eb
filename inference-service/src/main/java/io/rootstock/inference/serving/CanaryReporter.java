package io.rootstock.inference.serving;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.rootstock.registry.v1.CanaryServiceGrpc;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Reports the counters of analysed canaries to the registry, on a thread of its own: four times in an interval of the analysis,
 * at most every half second, at least every five seconds. While the registry is unavailable the counters continue; the next report
 * contains what the failed ones would have.
 */
final class CanaryReporter implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CanaryReporter.class);
    private static final Duration MIN_PAUSE = Duration.ofMillis(500);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(5);
    private static final int REPORTS_PER_INTERVAL = 4;

    private final ManagedChannel registry;
    private final ServedModels models;
    private final Thread thread;
    private volatile boolean closed;
    /** Whether the last report failed; logged once. */
    private boolean failing;

    CanaryReporter(ManagedChannel registry, ServedModels models) {
        this.registry = registry;
        this.models = models;
        this.thread = Thread.ofVirtual().name("canary-reporter").start(this::run);
    }

    /** Stops the reports after a last one, so that a restart loses no counted request. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(MAX_PAUSE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;
        }
        report(models.analysedCanaries());
    }

    private void run() {
        while (!closed) {
            List<AnalysedCanary> canaries = models.analysedCanaries();
            report(canaries);
            try {
                Thread.sleep(pause(canaries));
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private static Duration pause(List<AnalysedCanary> canaries) {
        Duration pause = canaries.stream()
                .map(canary ->
                        Duration.ofSeconds(canary.spec().getIntervalSeconds()).dividedBy(REPORTS_PER_INTERVAL))
                .min(Duration::compareTo)
                .orElse(MIN_PAUSE);
        if (pause.compareTo(MIN_PAUSE) < 0) {
            return MIN_PAUSE;
        }
        return pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause;
    }

    private void report(List<AnalysedCanary> canaries) {
        for (AnalysedCanary canary : canaries) {
            ReportCanaryFiguresRequest report = canary.figures()
                    .nextReport()
                    .setAlias(canary.alias())
                    .setCanaryVersion(canary.version())
                    .setState(canary.state())
                    // The registry rejects U+0000.
                    .setError(canary.error().replace('\0', ' '))
                    .build();
            try {
                var _ = CanaryServiceGrpc.newBlockingStub(registry)
                        .withDeadlineAfter(MAX_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                        .reportCanaryFigures(report);
                failing = false;
            } catch (StatusRuntimeException e) {
                if (!failing && !closed) {
                    LOG.warnf("the registry did not accept the figures of a canary, retrying: %s", e.getStatus());
                }
                failing = true;
            }
        }
    }
}
