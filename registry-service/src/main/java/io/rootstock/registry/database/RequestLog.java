package io.rootstock.registry.database;

import com.google.protobuf.Message;
import io.rootstock.service.Errors;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The idempotency of writes: a request id that was answered gets the same answer again, and the same id with other
 * content is refused. A repetition that comes while the first is still at work waits for it.
 */
public final class RequestLog {
    private static final int LONGEST_ID = 200;

    private RequestLog() {}

    /** What makes the answer to a new request; its result is what is kept, such as a resource's key. */
    @FunctionalInterface
    public interface Answer {
        /** Does the work and returns its result as text. */
        String make() throws SQLException;
    }

    /**
     * The result kept for the request id, or a new one.
     *
     * @param id the request's id; empty: every request is new
     * @param content the request without what does not count, such as an id
     */
    public static String once(Connection connection, String method, String id, Message content, Answer answer)
            throws SQLException {
        if (id.isEmpty()) {
            return answer.make();
        }
        if (id.length() > LONGEST_ID) {
            throw Errors.invalidArgument("request_id", "must be at most " + LONGEST_ID + " characters");
        }
        byte[] fingerprint = fingerprint(content);
        // The insert waits for another transaction that is at work on the same id.
        boolean isNew = Sql.of(connection, """
                                insert into request (method, id, fingerprint, result) values (?, ?, ?, '')
                                on conflict do nothing
                                """, method, id, fingerprint).update() == 1;
        if (isNew) {
            String result = answer.make();
            Sql.of(connection, "update request set result = ? where method = ? and id = ?", result, method, id)
                    .update();
            return result;
        }
        return find(connection, method, id, fingerprint).orElseThrow();
    }

    /** The result kept for the request id, if the request was answered before. */
    public static Optional<String> find(Connection connection, String method, String id, Message content)
            throws SQLException {
        return id.isEmpty() ? Optional.empty() : find(connection, method, id, fingerprint(content));
    }

    private static Optional<String> find(Connection connection, String method, String id, byte[] fingerprint)
            throws SQLException {
        return Sql.of(connection, "select fingerprint, result from request where method = ? and id = ?", method, id)
                .first(row -> {
                    if (!Arrays.equals(row.getBytes(1), fingerprint)) {
                        throw Errors.alreadyExists(
                                "request id '" + id + "'",
                                "it was used for another " + method + "; repeat that request or take a new id");
                    }
                    return row.getString(2);
                });
    }

    private static byte[] fingerprint(Message content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(Deterministic.bytes(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
