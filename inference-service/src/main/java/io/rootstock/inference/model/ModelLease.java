package io.rootstock.inference.model;

import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.inference.metrics.VersionFigures;

/** A lease of the model for one request; record the outcome of the request, then close it. */
public final class ModelLease implements AutoCloseable {
    private final LoadedModel model;
    private final Role role;
    private final Runnable release;
    private boolean closed;

    /** @param release runs once, when the lease is closed */
    ModelLease(LoadedModel model, Role role, Runnable release) {
        this.model = model;
        this.role = role;
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

    /** Records that a completion has ended. */
    public void finished(Output.End end) {
        model.figures().finished(counted(), end);
    }

    /** Records that texts were read in this time. */
    public void finished(int texts, double milliseconds) {
        model.figures().finished(counted(), texts, milliseconds);
    }

    /**
     * Records that the model failed the request; invalid requests and a full queue are not failures of the model.
     */
    public void failed(Throwable why) {
        model.figures().failed(counted(), why);
    }

    private VersionFigures.Role counted() {
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
            release.run();
        }
    }
}
