package io.rootstock.inference.engine;

/** The request was aborted by its id. */
public final class AbortedException extends EngineException {
    private static final long serialVersionUID = 1L;

    public AbortedException(String requestId) {
        super("request " + requestId + " was aborted");
    }
}
