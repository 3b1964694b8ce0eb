package io.rootstock.registry.database;

import java.sql.Connection;
import java.sql.SQLException;

/** Deletion of rows that otherwise never change. */
public final class DeletionMode {
    private DeletionMode() {}

    /** Permits deletes of such rows until the end of the transaction. */
    public static void begin(Connection connection) throws SQLException {
        Sql.of(connection, "select set_config('registry.deletion', 'on', true)").list(row -> row.getString(1));
    }
}
