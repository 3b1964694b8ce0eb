package io.rootstock.registry.database;

import com.google.protobuf.Timestamp;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A SQL statement with its arguments, in the order of the question marks. Supported types: null, strings, numbers,
 * booleans, byte arrays, instants, and lists of strings or longs (bound as SQL arrays).
 */
public record Sql(Connection connection, String statement, List<Object> arguments) {
    /** Maps a row to a value. */
    @FunctionalInterface
    public interface Row<T> {
        /** Reads the current row without moving the cursor. */
        T read(ResultSet row) throws SQLException;
    }

    /** Creates a statement; null is permitted as an argument. */
    public static Sql of(Connection connection, String statement, Object... arguments) {
        List<Object> list = new ArrayList<>(arguments.length);
        for (Object argument : arguments) {
            list.add(argument);
        }
        return new Sql(connection, statement, list);
    }

    /** Runs the query and returns all rows. */
    public <T> List<T> list(Row<T> row) throws SQLException {
        try (PreparedStatement prepared = prepare();
                ResultSet rows = prepared.executeQuery()) {
            List<T> result = new ArrayList<>();
            while (rows.next()) {
                result.add(row.read(rows));
            }
            return result;
        }
    }

    /** Runs the query and returns the first row; empty if the result is empty. */
    public <T> Optional<T> first(Row<T> row) throws SQLException {
        List<T> rows = list(row);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
    }

    /** Runs a query that always returns a row; an empty result is an SQLException. */
    public <T> T one(Row<T> row) throws SQLException {
        return first(row).orElseThrow(() -> new SQLException("the query returned no row: " + statement));
    }

    /** Runs an insert, update or delete and returns the number of changed rows. */
    public int update() throws SQLException {
        try (PreparedStatement prepared = prepare()) {
            return prepared.executeUpdate();
        }
    }

    /** Reads a text[] column. */
    public static List<String> strings(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    /** Reads a timestamptz column with microsecond precision. */
    public static Timestamp timestamp(ResultSet row, String column) throws SQLException {
        Instant instant = row.getObject(column, OffsetDateTime.class).toInstant();
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private PreparedStatement prepare() throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        try {
            for (int i = 0; i < arguments.size(); i++) {
                bind(prepared, i + 1, arguments.get(i));
            }
            return prepared;
        } catch (SQLException | RuntimeException e) {
            prepared.close();
            throw e;
        }
    }

    private void bind(PreparedStatement prepared, int index, Object argument) throws SQLException {
        switch (argument) {
            case null -> prepared.setNull(index, Types.NULL);
            case byte[] bytes -> prepared.setBytes(index, bytes);
            case Instant instant -> prepared.setObject(index, instant.atOffset(ZoneOffset.UTC));
            case List<?> list -> prepared.setArray(index, array(list));
            default -> prepared.setObject(index, argument);
        }
    }

    private Array array(List<?> list) throws SQLException {
        boolean longs = !list.isEmpty() && list.getFirst() instanceof Long;
        return connection.createArrayOf(longs ? "bigint" : "text", list.toArray());
    }
}
