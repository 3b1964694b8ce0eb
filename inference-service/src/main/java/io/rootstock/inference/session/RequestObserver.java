package io.rootstock.inference.session;

import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.tracing.RequestSpan;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.service.ErrorDetails;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** Records metrics and the trace span of one request; used by the request's reading thread. */
public final class RequestObserver {
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

    /** Records the generation options. */
    public void asked(GenerationOptions options) {
        span.options(options);
    }

    /** Records that a completion has ended. */
    public void finished(Finish finish) {
        outcome = "ok";
        // The completions of a request share one prompt.
        metrics.tokens(
                promptCounted ? 0 : finish.getPromptTokens(),
                promptCounted ? 0 : finish.getCachedTokens(),
                finish.getCompletionTokens());
        promptCounted = true;
        span.finished(finish);
    }

    /**
     * Records the success of a request without generation.
     *
     * @param version the version that answered
     * @param tokens input tokens
     */
    public void finished(String version, int tokens) {
        outcome = "ok";
        metrics.tokens(tokens, 0, 0);
        span.finished(version, tokens);
    }

    /** Records that the request was rejected, failed or was cancelled. */
    public void failed(RuntimeException failure) {
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

    /** Ends the observation; call it in any case. */
    public void closed() {
        metrics.request(operation, outcome, Duration.ofNanos(System.nanoTime() - arrival));
        span.end();
    }
}
