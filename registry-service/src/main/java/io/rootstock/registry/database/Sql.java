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
 * One statement with its arguments, in the order of its question marks. Arguments may be null, strings, numbers,
 * booleans, bytes, instants, and lists of strings, longs or doubles (which become arrays).
 */
public record Sql(Connection connection, String statement, List<Object> arguments) {
    /** Makes a value of the current row. */
    @FunctionalInterface
    public interface Row<T> {
        /** Reads the current row and does not move on. */
        T read(ResultSet row) throws SQLException;
    }

    /** The statement with these arguments. */
    public static Sql of(Connection connection, String statement, Object... arguments) {
        List<Object> list = new ArrayList<>(arguments.length);
        for (Object argument : arguments) {
            list.add(argument);
        }
        return new Sql(connection, statement, list);
    }

    /** Every row. */
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

    /** The first row, if there is one. */
    public <T> Optional<T> first(Row<T> row) throws SQLException {
        List<T> rows = list(row);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.getFirst());
    }

    /** The only row of a query that always has one. */
    public <T> T one(Row<T> row) throws SQLException {
        return first(row).orElseThrow(() -> new SQLException("no row came of: " + statement));
    }

    /** Changes rows and returns how many. */
    public int update() throws SQLException {
        try (PreparedStatement prepared = prepare()) {
            return prepared.executeUpdate();
        }
    }

    /** A column of text[]. */
    public static List<String> strings(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }

    /** A column of bigint[]. */
    public static List<Long> longs(ResultSet row, String column) throws SQLException {
        return List.of((Long[]) row.getArray(column).getArray());
    }

    /** A column of double precision[]. */
    public static List<Double> doubles(ResultSet row, String column) throws SQLException {
        return List.of((Double[]) row.getArray(column).getArray());
    }

    /** A column of timestamptz; microseconds are kept. */
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
        String type = switch (list.isEmpty() ? "" : list.getFirst()) {
            case Long _ -> "bigint";
            case Double _ -> "float8";
            default -> "text";
        };
        return connection.createArrayOf(type, list.toArray());
    }
}
