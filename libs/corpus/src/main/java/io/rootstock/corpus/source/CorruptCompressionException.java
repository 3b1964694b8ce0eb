package io.rootstock.corpus.source;

import java.io.IOException;

/** A compressed file cannot be decompressed to its end; the message states the reason and the remedy. */
public final class CorruptCompressionException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param reason reason and remedy
     */
    CorruptCompressionException(String reason) {
        super(reason);
    }
}
