package io.rootstock.tokenizer.catalogue;

import io.rootstock.service.Errors;
import io.rootstock.service.access.Caller;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Limits the stored bytes of the sources and datasets of each user and service account, except the installation's own
 * services and callers of a service without authentication.
 *
 * @param limit maximum number of bytes per owner
 */
public record UserSpace(long limit) {
    public static final UserSpace UNLIMITED = new UserSpace(Long.MAX_VALUE);

    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('tokenizer.space ' || ?, 0))";

    /**
     * Returns the number of bytes that the current caller can still store.
     *
     * @param bytes required number of bytes
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if it is smaller
     */
    long require(CatalogueDatabase database, long bytes) {
        Caller caller = Caller.current();
        if (isUnlimited(caller)) {
            return Long.MAX_VALUE;
        }
        long used = database.run(connection -> used(connection, caller.name(), "", ""));
        if (bytes > limit - used) {
            throw exceeded(caller.name(), used + bytes);
        }
        return limit - used;
    }

    /**
     * Checks the size of a resource that is to be stored in a transaction, which other transactions of the owner wait for.
     *
     * @param kind kind of the resource, which may replace another one
     * @param id its id
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if the limit would be exceeded
     */
    void require(Connection connection, String kind, String id, long bytes) throws SQLException {
        Caller caller = Caller.current();
        if (isUnlimited(caller)) {
            return;
        }
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.setString(1, caller.name());
            boolean _ = lock.execute();
        }
        long used = used(connection, caller.name(), kind, id);
        if (bytes > limit - used) {
            throw exceeded(caller.name(), used + bytes);
        }
    }

    private boolean isUnlimited(Caller caller) {
        return limit == Long.MAX_VALUE || caller.equals(Caller.LOCAL) || caller.equals(Caller.SERVICE);
    }

    private RuntimeException exceeded(String owner, long bytes) {
        return Errors.failedPrecondition(
                "USER_SPACE_EXCEEDED",
                "the uploaded files and datasets of " + owner + " would have " + bytes + " bytes, the limit is " + limit
                        + " (rootstock.catalogue.user-space); delete datasets that are not needed");
    }

    private static long used(Connection connection, String owner, String kind, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select coalesce(sum(bytes), 0) from resource where owner = ? and (kind, id) <> (?, ?)")) {
            statement.setString(1, owner);
            statement.setString(2, kind);
            statement.setString(3, id);
            try (ResultSet rows = statement.executeQuery()) {
                boolean _ = rows.next();
                return rows.getLong(1);
            }
        }
    }
}
