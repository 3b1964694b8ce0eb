package io.rootstock.registry.file;

import io.rootstock.registry.database.Sql;
import io.rootstock.service.Errors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Limits of all files of the installation. A pending upload counts with the size of its file.
 *
 * @param files maximum number of files and pending uploads
 * @param bytes maximum size of them
 * @param userBytes maximum size of those of one user or service account
 * @param uploadTime time after which a pending upload expires
 */
public record FileLimits(int files, long bytes, long userBytes, Duration uploadTime) {
    private record Used(long files, long bytes, long own) {}

    /**
     * Checks that another file fits; in a transaction, other calls wait until its end.
     *
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if a limit would be exceeded
     */
    void requireSpace(Connection connection, long newBytes) throws SQLException {
        Sql.of(connection, "select pg_advisory_xact_lock(hashtextextended('registry.file', 0))")
                .list(row -> "");
        Used used = Sql.of(connection, """
                        select count(*), coalesce(sum(bytes), 0), coalesce(sum(bytes) filter (where owner = ?), 0)
                        from (
                            select bytes, owner from file
                            union all
                            select bytes, owner from upload where state = 'PENDING' and expire_time > clock_timestamp()
                        ) as stored
                        """, Owner.current())
                .one(row -> new Used(row.getLong(1), row.getLong(2), row.getLong(3)));
        if (used.files() >= files) {
            throw Errors.failedPrecondition(
                    "TOO_MANY_FILES",
                    "the installation has " + used.files() + " files, the limit is " + files
                            + " (rootstock.registry.files); delete files that are not needed");
        }
        if (newBytes > bytes - used.bytes()) {
            throw Errors.failedPrecondition(
                    "FILE_SPACE_EXCEEDED",
                    "the file has " + newBytes + " bytes, " + used.bytes() + " of " + bytes
                            + " bytes are in use (rootstock.registry.file-space); delete files that are not needed");
        }
        if (newBytes > userBytes - used.own()) {
            throw Errors.failedPrecondition(
                    "USER_FILE_SPACE_EXCEEDED",
                    "the file has " + newBytes + " bytes, " + Owner.current() + " uses " + used.own() + " of "
                            + userBytes
                            + " bytes (rootstock.registry.user-file-space); delete files that are not needed");
        }
    }
}
