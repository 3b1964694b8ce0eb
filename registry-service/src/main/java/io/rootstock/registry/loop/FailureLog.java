package io.rootstock.registry.loop;

import io.rootstock.registry.database.DatabaseException;
import org.jboss.logging.Logger;

/** Log of a retry loop's failures; a failure that repeats unchanged is logged once. Used by one thread. */
public final class FailureLog {
    private final Logger log;
    private final String subject;
    private String last = "";

    /** Creates a log; {@code subject} begins each line. */
    public FailureLog(Logger log, String subject) {
        this.log = log;
        this.subject = subject;
    }

    /** Logs a failed transaction; an internal failure with its cause. */
    public void failed(DatabaseException failure) {
        if (failure.getMessage().equals(last)) {
            return;
        }
        last = failure.getMessage();
        switch (failure.failure()) {
            case UNAVAILABLE, ABORTED -> log.warnf("%s; retrying: %s", subject, failure.getMessage());
            case ALREADY_EXISTS, INVALID_VALUE, INTERNAL -> log.errorf(failure, "%s; retrying", subject);
        }
    }

    /** Ends a series of failures. */
    public void succeeded() {
        last = "";
    }
}
