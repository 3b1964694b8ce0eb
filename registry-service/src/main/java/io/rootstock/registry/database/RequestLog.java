package io.rootstock.registry.database;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.rootstock.service.Errors;
import io.rootstock.service.access.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Idempotency of writes. A repeated request id returns the stored result; the same id with other content is
 * ALREADY_EXISTS. A repetition waits while the first request is still running.
 */
public final class RequestLog {
    private static final int MAX_ID_LENGTH = 200;
    private static final String FIELD = "request_id";
    private static final String SUFFIX = "Request";

    private RequestLog() {}

    /** The work of a new request; its result, such as a resource's key, is stored. */
    @FunctionalInterface
    public interface Answer {
        /** Runs the request and returns the text to store. */
        String make() throws SQLException;
    }

    /**
     * Returns the result stored for the request id, or runs the request and stores its result.
     *
     * @param rpc name of the RPC, such as CreateJob; ids of different RPCs and callers are independent
     * @param id request id; an empty id is never stored, so the request always runs
     * @param content the fields that a repeated request must have in common, without the request id
     */
    public static String once(Connection connection, String rpc, String id, Message content, Answer answer)
            throws SQLException {
        if (id.isEmpty()) {
            return answer.make();
        }
        if (id.length() > MAX_ID_LENGTH) {
            throw Errors.invalidArgument("request_id", "must be at most " + MAX_ID_LENGTH + " characters");
        }
        String method = perCaller(rpc);
        byte[] fingerprint = fingerprint(content);
        // The insert blocks while another transaction holds the same id.
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

    /**
     * Runs a request once for each request id. Its message has the field {@code request_id}, and the name of its RPC
     * followed by "Request"; a repeated request must have all other fields in common.
     */
    public static String once(Connection connection, Message request, Answer answer) throws SQLException {
        FieldDescriptor field = request.getDescriptorForType().findFieldByName(FIELD);
        String name = request.getDescriptorForType().getName();
        return once(
                connection,
                name.substring(0, name.length() - SUFFIX.length()),
                (String) request.getField(field),
                request.toBuilder().clearField(field).build(),
                answer);
    }

    /** Returns the result stored for the request id; empty if the id is new. */
    public static Optional<String> find(Connection connection, String rpc, String id, Message content)
            throws SQLException {
        return id.isEmpty() ? Optional.empty() : find(connection, perCaller(rpc), id, fingerprint(content));
    }

    private static Optional<String> find(Connection connection, String method, String id, byte[] fingerprint)
            throws SQLException {
        return Sql.of(connection, "select fingerprint, result from request where method = ? and id = ?", method, id)
                .first(row -> {
                    if (!Arrays.equals(row.getBytes(1), fingerprint)) {
                        throw Errors.alreadyExists(
                                "request id '" + id + "'",
                                "it was used for another " + method + "; repeat that request or use a new id");
                    }
                    return row.getString(2);
                });
    }

    /** Key of the ids of an RPC: a caller never gets the result of another one's request. */
    private static String perCaller(String rpc) {
        String caller = Caller.current().name();
        return caller.equals(Caller.LOCAL.name()) || caller.equals(Caller.SERVICE.name()) ? rpc : rpc + " " + caller;
    }

    private static byte[] fingerprint(Message content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(deterministicBytes(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Equal messages have equal bytes, because map entries are sorted by key. */
    private static byte[] deterministicBytes(Message message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return bytes;
    }
}
