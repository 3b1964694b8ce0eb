package io.rootstock.inference.generate;

import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.v1.Finish;
import io.rootstock.service.ErrorDetails;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Counts how one request goes; used by the thread that reads it. */
final class RequestObserver {
    private final ServingMetrics metrics;
    private final String operation;
    private final long arrival = System.nanoTime();
    private String outcome = "cancelled";
    private boolean promptCounted;

    RequestObserver(ServingMetrics metrics, String operation) {
        this.metrics = metrics;
        this.operation = operation;
    }

    /** One of its texts has ended. */
    void finished(Finish finish) {
        outcome = "ok";
        // All texts of a request have one prompt.
        metrics.tokens(
                promptCounted ? 0 : finish.getPromptTokens(),
                promptCounted ? 0 : finish.getCachedTokens(),
                finish.getCompletionTokens());
        promptCounted = true;
    }

    /** All of it has ended well. */
    void finished() {
        outcome = "ok";
    }

    /** It was refused or ended with an error. */
    void failed(RuntimeException failure) {
        if (failure instanceof CancellationException) {
            outcome = "cancelled";
            return;
        }
        outcome = ErrorDetails.reason(failure).isPresent() ? "refused" : "error";
        ErrorDetails.reason(failure).ifPresent(metrics::refused);
    }

    /** It is over, whether read to the end or not. */
    void closed() {
        metrics.request(operation, outcome, Duration.ofNanos(System.nanoTime() - arrival));
    }
}
