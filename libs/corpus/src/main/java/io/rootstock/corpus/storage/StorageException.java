package io.rootstock.corpus.storage;

import java.io.IOException;
import java.util.Optional;

/** A storage did not answer, refused a request, or has another version of a file. */
public final class StorageException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param address address of the file or prefix
     * @param reason reason and remedy, without credentials
     */
    public StorageException(String address, String reason, Throwable cause) {
        super(address + ": " + reason, cause);
        this.reason = reason;
    }

    /** Reason and remedy. */
    public String reason() {
        return reason;
    }

    /** Finds the exception among the causes of another one, such as one of a parser. */
    public static Optional<StorageException> in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof StorageException found) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }
}
