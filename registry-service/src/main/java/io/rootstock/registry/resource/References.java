package io.rootstock.registry.resource;

import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** References to a resource that a client wants to delete. Not safe for several threads. */
public final class References {
    private static final int SHOWN = 5;

    private final String resource;
    private final List<String> references = new ArrayList<>();

    /** Starts without references to {@code resource}, a resource name. */
    public References(String resource) {
        this.resource = resource;
    }

    /** Number of rows that a query needs to return at most. */
    public static int limit() {
        return SHOWN + 1;
    }

    /**
     * Adds references.
     *
     * @param describe returns the text of a reference, with the command that removes it
     */
    public <T> References add(List<T> found, Function<T, String> describe) {
        found.stream().map(describe).forEach(references::add);
        return this;
    }

    /** A job that refers to the resource. */
    public record JobReference(String id, String state) {
        /** Reads the columns {@code id} and {@code state} of {@code job}. */
        public static JobReference read(ResultSet row) throws SQLException {
            return new JobReference(row.getString("id"), row.getString("state"));
        }

        /**
         * Describes the reference with the commands that remove it.
         *
         * @param relation predicate about the resource, such as {@code uses it}
         */
        public String describe(String relation) {
            boolean ended = state.equals("FAILED") || state.equals("CANCELLED") || state.equals("SUCCEEDED");
            return "jobs/" + id + " " + relation + " and is " + state + " ("
                    + (ended ? "" : "rootstock jobs cancel " + id + ", then ") + "rootstock jobs delete " + id + ")";
        }
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return references.isEmpty();
    }

    /** Throws FAILED_PRECONDITION with the first references if there are any. */
    public void requireNone() {
        if (!references.isEmpty()) {
            throw error();
        }
    }

    private StatusRuntimeException error() {
        String shown = String.join("; ", references.subList(0, Math.min(SHOWN, references.size())));
        String more = references.size() > SHOWN ? "; and more" : "";
        return Errors.failedPrecondition("STILL_REFERENCED", resource + " cannot be deleted: " + shown + more);
    }
}
