package io.rootstock.inference.engine;

/** The engine was closed while the request waited or was decoded. */
public final class EngineClosedException extends EngineException {
    private static final long serialVersionUID = 1L;

    public EngineClosedException() {
        super("the model was unloaded");
    }
}
