package io.rootstock.trainer.imports;

/** Files that are no model that can be imported; the message names the file and what is supported. */
public final class RefusedImportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedImportException(String message) {
        super(message);
    }
}
