package io.rootstock.registry.database;

import io.rootstock.service.PageToken;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import io.rootstock.service.filter.ListQuery;
import io.rootstock.service.filter.SqlQuery;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a page of a list: those that match the request's filter, in its order.
 *
 * @param list the list, such as {@code models/a/versions}, to which page tokens are bound
 * @param cursor cursor of the last element of the page before; empty for the first page
 * @param limit maximum number of rows, one more than the page has
 */
public record PageQuery(String list, ListQuery<String> query, Optional<String> cursor, int limit) {
    /**
     * Creates the query of a request; INVALID_ARGUMENT names an invalid field.
     *
     * @param size maximum number of elements of the page
     */
    public static PageQuery of(
            String list, ListFields<String> fields, String filter, String orderBy, String pageToken, int size) {
        ListQuery<String> query = ListQuery.parse(fields, filter, orderBy);
        return new PageQuery(list, query, PageToken.decode(bound(list, query), pageToken), size + 1);
    }

    /** Creates the query of the first elements in the list's own order. */
    public static PageQuery first(ListFields<String> fields, int limit) {
        return new PageQuery("", ListQuery.parse(fields, "", ""), Optional.empty(), limit);
    }

    /** An element with the cursor of the page that begins after it. */
    public record Listed<T>(String cursor, T item) {}

    /**
     * Reads the rows.
     *
     * @param columns terms of the select list
     * @param from tables behind {@code from}
     * @param condition further condition
     * @param arguments arguments of {@code condition}
     */
    public <T> List<Listed<T>> read(
            Connection connection, String columns, String from, String condition, List<?> arguments, Sql.Row<T> row)
            throws SQLException {
        SqlQuery sql = SqlQuery.of(query, cursor);
        List<Object> all = new ArrayList<>(arguments);
        all.addAll(sql.arguments());
        all.add(limit);
        String statement = "select " + columns + ", " + sql.columns() + " from " + from + " where (" + condition
                + ") and " + sql.where() + " order by " + sql.orderBy() + " limit ?";
        return Sql.of(connection, statement, all.toArray())
                .list(found -> new Listed<>(cursorOf(found), row.read(found)));
    }

    /** Returns the query for the page after a row; empty if the row does not exist. */
    public Optional<PageQuery> after(Connection connection, String from, String condition, Object... arguments)
            throws SQLException {
        String statement =
                "select " + SqlQuery.of(query, Optional.empty()).columns() + " from " + from + " where " + condition;
        return Sql.of(connection, statement, arguments)
                .first(this::cursorOf)
                .map(last -> new PageQuery(list, query, Optional.of(last), limit));
    }

    /** Returns the token of the page that begins after an element. */
    public String token(String cursor) {
        return PageToken.encode(bound(list, query), cursor);
    }

    private static String bound(String list, ListQuery<String> query) {
        return list + "\n" + query.text();
    }

    private String cursorOf(ResultSet row) throws SQLException {
        List<Object> values = new ArrayList<>();
        List<Field<String>> fields = query.orderFields();
        for (int i = 0; i < fields.size(); i++) {
            values.add(value(row, "cursor_" + i, fields.get(i).type()));
        }
        return ListQuery.cursor(values);
    }

    private static Object value(ResultSet row, String column, FieldType type) throws SQLException {
        return switch (type) {
            case TEXT, ENUM, TAGS -> row.getString(column);
            case INTEGER -> row.getLong(column);
            case NUMBER -> row.getDouble(column);
            case TIMESTAMP -> row.getObject(column, OffsetDateTime.class).toInstant();
        };
    }
}
