package io.rootstock.inference.generate;

import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.tracing.RequestSpan;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.service.ErrorDetails;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Counts and traces how one request goes; used by the thread that reads it. */
final class RequestObserver {
    private final ServingMetrics metrics;
    private final RequestSpan span;
    private final String operation;
    private final long arrival = System.nanoTime();
    private String outcome = "cancelled";
    private boolean promptCounted;

    RequestObserver(ServingMetrics metrics, RequestSpan span, String operation) {
        this.metrics = metrics;
        this.span = span;
        this.operation = operation;
    }

    /** How its texts are to be made. */
    void asked(GenerationOptions options) {
        span.options(options);
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
        span.finished(finish);
    }

    /** All of it has ended well: so many tokens were read by this version, and none made. */
    void finished(String version, int tokens) {
        outcome = "ok";
        metrics.tokens(tokens, 0, 0);
        span.finished(version, tokens);
    }

    /** It was refused or ended with an error. */
    void failed(RuntimeException failure) {
        if (failure instanceof CancellationException) {
            outcome = "cancelled";
            span.failed("cancelled");
            return;
        }
        String reason = ErrorDetails.reason(failure).orElse("");
        outcome = reason.isEmpty() ? "error" : "refused";
        if (!reason.isEmpty()) {
            metrics.refused(reason);
        }
        span.failed(reason.isEmpty() ? failure.getClass().getName() : reason);
    }

    /** It is over, whether read to the end or not. */
    void closed() {
        metrics.request(operation, outcome, Duration.ofNanos(System.nanoTime() - arrival));
        span.end();
    }
}
