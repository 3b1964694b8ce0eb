package io.rootstock.inference.engine;

/** The request was aborted by its id. */
public final class AbortedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AbortedException(String requestId) {
        super("request " + requestId + " was aborted");
    }
}
