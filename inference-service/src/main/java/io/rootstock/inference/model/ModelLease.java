package io.rootstock.inference.model;

import io.rootstock.inference.canary.CanaryFigures;
import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.inference.metrics.VersionFigures;
import java.util.Optional;
import java.util.OptionalDouble;

/** A lease of the model for one request; record the outcome of the request, then close it. */
public final class ModelLease implements AutoCloseable {
    private final LoadedModel model;
    private final Role role;
    private final Optional<CanaryFigures> analysis;
    private final Runnable release;
    private OptionalDouble firstToken = OptionalDouble.empty();
    private boolean counted;
    private boolean closed;

    /**
     * Creates a lease.
     *
     * @param analysis counters of the analysis that the request belongs to; empty if there is none
     * @param release runs once, when the lease is closed
     */
    ModelLease(LoadedModel model, Role role, Optional<CanaryFigures> analysis, Runnable release) {
        this.model = model;
        this.role = role;
        this.analysis = analysis;
        this.release = release;
    }

    /** Role of a model for the alias that a request names. */
    public enum Role {
        /** The version of the alias. */
        MAIN,
        /** A canary that answers a percentage of the requests. */
        CANARY,
        /** A canary that receives shadow copies of requests. */
        SHADOW
    }

    /** The model's role for the request's alias. */
    public Role role() {
        return role;
    }

    /** Counters of the analysis that the request belongs to; empty if there is none. */
    public Optional<CanaryFigures> analysis() {
        return analysis;
    }

    /** Records that a completion has ended. */
    public void finished(Output.End end) {
        model.figures().finished(figuresRole(), end);
        answered(end.firstTokenMilliseconds());
    }

    /** Records that texts were read in this time. */
    public void finished(int texts, double milliseconds) {
        model.figures().finished(figuresRole(), texts, milliseconds);
        answered(milliseconds);
    }

    /**
     * Records that the model failed the request; invalid requests and a full queue are not failures of the model.
     */
    public void failed(Throwable why) {
        model.figures().failed(figuresRole(), why);
        failedForAnalysis();
    }

    /** Records that the canary refused or failed a request that the main version then answered. */
    public void answeredByMain() {
        failedForAnalysis();
    }

    private synchronized void answered(double milliseconds) {
        // The completions of a request share one prompt: the first one to end counts.
        if (firstToken.isEmpty()) {
            firstToken = OptionalDouble.of(milliseconds);
        }
    }

    private synchronized void failedForAnalysis() {
        if (!counted && analysis.isPresent() && role != Role.SHADOW) {
            counted = true;
            (role == Role.MAIN ? analysis.get().main() : analysis.get().canary()).failed();
        }
    }

    private synchronized void countAnswer() {
        if (!counted && firstToken.isPresent() && analysis.isPresent() && role != Role.SHADOW) {
            counted = true;
            (role == Role.MAIN ? analysis.get().main() : analysis.get().canary()).answered(firstToken.getAsDouble());
        }
    }

    private VersionFigures.Role figuresRole() {
        return role == Role.SHADOW ? VersionFigures.Role.SHADOW : VersionFigures.Role.ANSWER;
    }

    /** The model, usable until the lease is closed. */
    public LoadedModel model() {
        return model;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            countAnswer();
            release.run();
        }
    }
}
