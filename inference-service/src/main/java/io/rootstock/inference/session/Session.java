package io.rootstock.inference.session;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.admission.AdmissionControl;
import io.rootstock.inference.canary.CanaryFigures;
import io.rootstock.inference.engine.scheduling.GenerationEngine;
import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.inference.engine.scoring.ScoringEngine;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.model.ModelLease;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.Errors;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** A model in use by one request; close it when the request has ended. */
public final class Session implements AutoCloseable {
    private final Optional<AdmissionControl.Ticket> ticket;
    private final ModelLease lease;
    private final Set<Session> open;

    /**
     * Opens the session.
     *
     * @param ticket admission of the request; empty for a shadow copy, which does not delay draining
     * @param open contains the session until it is closed
     */
    Session(Optional<AdmissionControl.Ticket> ticket, ModelLease lease, Set<Session> open) {
        this.ticket = ticket;
        this.lease = lease;
        this.open = open;
        open.add(this);
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

    /**
     * The engine that scores given tokens.
     *
     * @throws StatusRuntimeException FAILED_PRECONDITION if the model is a classifier
     */
    public ScoringEngine scorer() {
        engine();
        return model().scorer();
    }

    /** The model's role for the request's alias: main version, canary or shadow. */
    public ModelLease.Role role() {
        return lease.role();
    }

    /** Records that a completion of the request has ended. */
    public void finished(Output.End end) {
        lease.finished(end);
    }

    /** Records that the texts of the request were read in this time. */
    public void finished(int texts, double milliseconds) {
        lease.finished(texts, milliseconds);
    }

    /** Records that the request failed. Only errors without an ErrorInfo reason count as failures of the model. */
    public void failed(RuntimeException told) {
        if (ErrorDetails.reason(told).isEmpty() && !(told instanceof CancellationException)) {
            lease.failed(told);
        }
    }

    /**
     * Records that the main version answered the request that the canary refused or failed: a failure of the canary for its
     * analysis, unless it had no capacity.
     *
     * @param told the canary's error
     */
    public void answeredByMain(RuntimeException told) {
        if (!(told instanceof CancellationException)
                && Status.fromThrowable(told).getCode() != Status.Code.RESOURCE_EXHAUSTED) {
            lease.answeredByMain();
        }
    }

    /** Counters of the canary analysis that the request belongs to; empty if there is none. */
    public Optional<CanaryFigures> analysis() {
        return lease.analysis();
    }

    /** Registers the action that ends the request when draining exceeds its time limit; it must not block. */
    public void whenTimeIsOver(Runnable action) {
        ticket.ifPresent(present -> present.whenTimeIsOver(action));
    }

    @Override
    public void close() {
        open.remove(this);
        lease.close();
        ticket.ifPresent(AdmissionControl.Ticket::close);
    }
}
