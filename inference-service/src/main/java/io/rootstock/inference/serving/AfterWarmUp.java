package io.rootstock.inference.serving;

import io.rootstock.inference.engine.EngineListener;

/** Forwards an engine's events once the warm-up has ended, so that the warm-up does not count in the metrics. */
final class AfterWarmUp implements EngineListener {
    private final EngineListener listener;
    private volatile EngineListener hearing = NONE;

    AfterWarmUp(EngineListener listener) {
        this.listener = listener;
    }

    /** Ends the warm-up: forwards the events that follow. */
    void warm() {
        hearing = listener;
    }

    @Override
    public void firstToken(double seconds) {
        hearing.firstToken(seconds);
    }

    @Override
    public void token(double seconds) {
        hearing.token(seconds);
    }

    @Override
    public void batch(int tokens) {
        hearing.batch(tokens);
    }

    @Override
    public void queueWait(double seconds) {
        hearing.queueWait(seconds);
    }

    @Override
    public void prompt(int read, int cached) {
        hearing.prompt(read, cached);
    }

    @Override
    public void refused(Refusal reason) {
        hearing.refused(reason);
    }
}
