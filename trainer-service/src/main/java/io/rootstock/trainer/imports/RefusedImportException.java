package io.rootstock.trainer.imports;

/**
 * Thrown when the received files are not a model that can be imported; the message names the file and the supported
 * alternatives.
 */
public final class RefusedImportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedImportException(String message) {
        super(message);
    }
}
