package io.rootstock.inference.grpc;

import io.grpc.StatusRuntimeException;
import io.rootstock.inference.engine.EngineClosedException;
import io.rootstock.inference.engine.QueueFullException;
import io.rootstock.inference.engine.ReaderStalledException;
import io.rootstock.inference.serving.AliasStatus;
import io.rootstock.inference.serving.LoadedModel;
import io.rootstock.inference.serving.Serving;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.stream.Collectors;

/** Finds the model that a request names, and says precisely why there is none. */
@ApplicationScoped
class ModelAccess {
    private final Serving serving;
    private final InferenceMetrics metrics;

    /** For the proxy that the container makes. */
    ModelAccess() {
        this(null, null);
    }

    @Inject
    ModelAccess(Serving serving, InferenceMetrics metrics) {
        this.serving = serving;
        this.metrics = metrics;
    }

    /** The model's lease; close it when done. */
    LoadedModel.Lease lease(String model) {
        if (serving.draining()) {
            throw Errors.unavailable("DRAINING", "the service is stopping");
        }
        String alias = ModelNames.alias(model, serving.alias());
        return serving.models().lease(alias).orElseThrow(() -> missing(alias));
    }

    /** What a client is told when an engine refused or ended its request. */
    RuntimeException refusal(RuntimeException cause) {
        return switch (cause) {
            case QueueFullException full -> {
                metrics.refused();
                yield Errors.resourceExhausted("QUEUE_FULL", full.getMessage(), full.retryAfter());
            }
            case ReaderStalledException stalled ->
                Errors.resourceExhausted("READER_STALLED", stalled.getMessage(), Duration.ofSeconds(1));
            case EngineClosedException closed -> Errors.unavailable("MODEL_UNLOADED", closed.getMessage());
            default -> cause;
        };
    }

    private StatusRuntimeException missing(String alias) {
        return serving.models().list().stream()
                .filter(status -> status.alias().equals(alias))
                .findFirst()
                .map(status -> switch (status.state()) {
                    case LOAD_FAILED -> Errors.unavailable("LOAD_FAILED", alias + " serves nothing: " + status.error());
                    case LOADING, SWAPPING, READY ->
                        Errors.unavailable("LOADING", status.pendingVersion() + " is loading");
                })
                .orElseGet(() -> Errors.notFound(alias, "served are: " + served()));
    }

    private String served() {
        String served = serving.models().list().stream().map(AliasStatus::alias).collect(Collectors.joining(", "));
        return served.isEmpty() ? "none; promote a version to " + serving.alias() + " first" : served;
    }
}
