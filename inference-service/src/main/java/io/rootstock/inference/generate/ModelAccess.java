package io.rootstock.inference.generate;

import io.grpc.StatusRuntimeException;
import io.rootstock.inference.engine.AbortedException;
import io.rootstock.inference.engine.AdaptersFullException;
import io.rootstock.inference.engine.EngineClosedException;
import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.InvalidGrammarException;
import io.rootstock.inference.engine.NonFiniteLogitsException;
import io.rootstock.inference.engine.QueueFullException;
import io.rootstock.inference.engine.QueueTimeoutException;
import io.rootstock.inference.engine.ReaderStalledException;
import io.rootstock.inference.engine.scheduling.GenerationEngine;
import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.serving.AliasStatus;
import io.rootstock.inference.serving.LoadedModel;
import io.rootstock.inference.serving.Serving;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.Errors;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the model of a request, and creates the error if it is unavailable or rejects the request. */
@Singleton
public class ModelAccess {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Serving serving;
    private final Intake intake;
    private final ServingMetrics metrics;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

    @Inject
    ModelAccess(Serving serving, Intake intake, ServingMetrics metrics) {
        this.serving = serving;
        this.intake = intake;
        this.metrics = metrics;
    }

    /** Publishes the load of engines and text readers as metrics. */
    @PostConstruct
    void publishLoads() {
        metrics.readLoadsFrom(model -> inMemory().stream()
                .filter(loaded -> loaded.version().model().equals(model))
                .flatMap(loaded -> loaded.generation().stream())
                .map(GenerationEngine::load)
                .toList());
        metrics.readTextsFrom(model -> inMemory().stream()
                .filter(loaded -> loaded.version().model().equals(model))
                .mapToInt(LoadedModel::queuedTexts)
                .sum());
    }

    /** A model in use by one request; close it when the request has ended. */
    public final class Session implements AutoCloseable {
        private final Optional<Intake.Ticket> ticket;
        private final LoadedModel.Lease lease;

        private Session(Optional<Intake.Ticket> ticket, LoadedModel.Lease lease) {
            this.ticket = ticket;
            this.lease = lease;
            sessions.add(this);
        }

        /** The model, usable until the session is closed. */
        public LoadedModel model() {
            return lease.model();
        }

        /** The version that answers, models/{m}/versions/{n}. */
        public String version() {
            return model().version().name();
        }

        /**
         * The generation engine.
         *
         * @throws StatusRuntimeException FAILED_PRECONDITION if the model is a classifier
         */
        public GenerationEngine engine() {
            return model().generation()
                    .orElseThrow(() ->
                            Errors.failedPrecondition("NOT_GENERATIVE", version() + " is a classifier; use Classify"));
        }

        /** The model's role for the request's alias: main version, canary or shadow. */
        LoadedModel.Part part() {
            return lease.part();
        }

        /** Records that a completion of the request has ended. */
        void finished(Output.End end) {
            lease.finished(end);
        }

        /** Records that the texts of the request were read in this time. */
        void finished(int texts, double milliseconds) {
            lease.finished(texts, milliseconds);
        }

        /** Records that the request failed. Only errors without an ErrorInfo reason count as failures of the model. */
        void failed(RuntimeException told) {
            if (ErrorDetails.reason(told).isEmpty() && !(told instanceof CancellationException)) {
                lease.failed(told);
            }
        }

        /** Registers the action that ends the request when draining exceeds its time limit; it must not block. */
        public void whenTimeIsOver(Runnable action) {
            ticket.ifPresent(present -> present.whenTimeIsOver(action));
        }

        @Override
        public void close() {
            sessions.remove(this);
            lease.close();
            ticket.ifPresent(Intake.Ticket::close);
        }
    }

    /**
     * Opens the version that the alias in a request points to.
     *
     * @throws StatusRuntimeException if no model is served under the name, or the service is draining
     */
    public Session open(String model) {
        return open(model, alias -> serving.models().lease(alias));
    }

    /**
     * Opens the version that answers a request: the alias's version, or its canary for its percentage of the request
     * ids.
     *
     * @throws StatusRuntimeException if no model is served under the name, or the service is draining
     */
    public Session open(String model, String requestId) {
        return open(model, alias -> serving.models().lease(alias, requestId));
    }

    /** The version that receives shadow copies of this model's requests; its sessions do not delay draining. */
    Optional<Session> shadow(String model) {
        return intake.isDraining()
                ? Optional.empty()
                : serving.models()
                        .shadowLease(ModelNames.alias(model, serving.alias()))
                        .map(lease -> new Session(Optional.empty(), lease));
    }

    private Session open(String model, Function<String, Optional<LoadedModel.Lease>> leases) {
        Intake.Ticket ticket = intake.enter();
        try {
            String alias = ModelNames.alias(model, serving.alias());
            return new Session(Optional.of(ticket), leases.apply(alias).orElseThrow(() -> missing(alias)));
        } catch (RuntimeException e) {
            ticket.close();
            throw e;
        }
    }

    /** All models in memory: versions and canaries of aliases, and versions that older requests still use. */
    public Set<LoadedModel> inMemory() {
        Set<LoadedModel> models = new LinkedHashSet<>();
        if (!serving.started()) {
            return models;
        }
        models.addAll(serving.models().models());
        sessions.forEach(session -> models.add(session.model()));
        return models;
    }

    /** Aborts the completions of every request with this id and returns their number. */
    public int abort(String requestId) {
        return inMemory().stream()
                .flatMap(model -> model.generation().stream())
                .mapToInt(engine -> engine.abort(requestId))
                .sum();
    }

    /** Maps an engine's exception to the error for the client. */
    public RuntimeException refusal(RuntimeException cause) {
        return cause instanceof EngineException refused ? error(refused) : cause;
    }

    private static RuntimeException error(EngineException cause) {
        return switch (cause) {
            case QueueFullException full ->
                Errors.resourceExhausted("QUEUE_FULL", full.getMessage(), full.retryAfter());
            case QueueTimeoutException late -> Errors.resourceExhausted("QUEUE_TIMEOUT", late.getMessage(), SOON);
            case ReaderStalledException stalled ->
                Errors.resourceExhausted("READER_STALLED", stalled.getMessage(), SOON);
            case AbortedException aborted -> Errors.aborted("REQUEST_ABORTED", aborted.getMessage());
            case EngineClosedException closed -> Errors.unavailable("MODEL_UNLOADED", closed.getMessage());
            case InvalidGrammarException grammar ->
                Errors.invalidArgument("options.constraint.grammar", grammar.getMessage());
            case AdaptersFullException full ->
                Errors.resourceExhausted("ADAPTERS_FULL", full.getMessage() + "; unload one", SOON);
            // A fault of the model: without an ErrorInfo reason it counts as a failure of the version.
            case NonFiniteLogitsException fault -> fault;
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
