package io.rootstock.registry.backup;

import io.rootstock.artifacts.Digest;
import io.rootstock.registry.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;

/**
 * The database of an installation at one time.
 *
 * @param rows number of rows
 * @param references artifacts of the registry's and the tokenizer service's resources
 */
record DatabaseSummary(Instant time, Map<String, Integer> schemas, long rows, Set<Digest> references) {
    /** Reads the transaction's snapshot. */
    static DatabaseSummary read(Connection connection) throws SQLException {
        long rows = 0;
        for (DatabaseTables.Table table : DatabaseTables.all(connection)) {
            rows += Sql.of(connection, "select count(*) from " + table.quoted()).one(row -> row.getLong(1));
        }
        return new DatabaseSummary(
                Sql.of(connection, "select transaction_timestamp()")
                        .one(row -> row.getObject(1, OffsetDateTime.class).toInstant()),
                DatabaseTables.versions(connection),
                rows,
                DatabaseDump.references(connection));
    }
}
