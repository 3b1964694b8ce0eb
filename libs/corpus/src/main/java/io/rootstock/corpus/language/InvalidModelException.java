package io.rootstock.corpus.language;

import java.io.IOException;

/** A file is not a fastText model that can be read here; the message names the file, the value and the remedy. */
public final class InvalidModelException extends IOException {
    private static final long serialVersionUID = 1L;

    InvalidModelException(String message) {
        super(message);
    }
}
