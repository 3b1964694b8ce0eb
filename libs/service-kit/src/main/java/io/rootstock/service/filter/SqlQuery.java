package io.rootstock.service.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A list's query in PostgreSQL's SQL. Values of requests are arguments, never a part of the statement.
 *
 * @param where condition of the filter, and of the elements after the cursor
 * @param orderBy terms behind {@code order by}
 * @param columns terms of the select list, {@code cursor_0} to ..., with the values of the cursor of a row
 * @param arguments values of the question marks in {@code where}: String, Long, Double or Instant
 */
public record SqlQuery(String where, String orderBy, String columns, List<Object> arguments) {
    /**
     * Creates the SQL of a query.
     *
     * @param cursor cursor of the last element of the page before; empty for the first page
     */
    public static SqlQuery of(ListQuery<String> query, Optional<String> cursor) {
        List<Object> arguments = new ArrayList<>();
        StringBuilder where = new StringBuilder(condition(query.condition(), arguments));
        cursor.ifPresent(last -> where.append(" and ").append(after(query.order(), query.values(last), arguments)));
        return new SqlQuery(
                where.toString(),
                query.order().stream()
                        .map(order -> order.field().access() + (order.descending() ? " desc" : ""))
                        .collect(Collectors.joining(", ")),
                IntStream.range(0, query.order().size())
                        .mapToObj(i -> query.order().get(i).field().access() + " as cursor_" + i)
                        .collect(Collectors.joining(", ")),
                arguments);
    }

    private static String condition(Condition<String> condition, List<Object> arguments) {
        return switch (condition) {
            case Condition.And<String>(List<Condition<String>> parts) -> joined(parts, " and ", "true", arguments);
            case Condition.Or<String>(List<Condition<String>> parts) -> joined(parts, " or ", "false", arguments);
            case Condition.Not<String>(Condition<String> part) -> "not " + condition(part, arguments);
            case Condition.Comparison<String>(Field<String> field, Condition.Operator operator, Object value) -> {
                arguments.add(value);
                yield compared(field.access(), operator);
            }
            case Condition.TagComparison<String>(
                    Field<String> field,
                    String key,
                    Condition.Operator operator,
                    String value) -> {
                arguments.add(key);
                arguments.add(value);
                yield "coalesce(" + compared("(" + field.access() + " ->> ?)", operator) + ", false)";
            }
            case Condition.HasTag<String>(Field<String> field, String key) -> {
                arguments.add(key);
                yield "jsonb_exists(" + field.access() + ", ?)";
            }
        };
    }

    private static String joined(List<Condition<String>> parts, String word, String empty, List<Object> arguments) {
        return parts.isEmpty()
                ? empty
                : parts.stream().map(part -> condition(part, arguments)).collect(Collectors.joining(word, "(", ")"));
    }

    private static String compared(String expression, Condition.Operator operator) {
        return operator == Condition.Operator.PREFIX
                ? "starts_with(" + expression + ", ?)"
                : expression + " " + operator.text() + " ?";
    }

    /** The elements after the cursor: the first fields are equal, and the next one is behind. */
    private static String after(List<Order<String>> order, List<Object> values, List<Object> arguments) {
        StringBuilder text = new StringBuilder("(");
        for (int last = 0; last < order.size(); last++) {
            text.append(last == 0 ? "" : " or (");
            for (int i = 0; i <= last; i++) {
                String sign = i < last ? " = ?" : order.get(i).descending() ? " < ?" : " > ?";
                text.append(i == 0 ? "" : " and ")
                        .append(order.get(i).field().access())
                        .append(sign);
                arguments.add(values.get(i));
            }
            text.append(last == 0 ? "" : ")");
        }
        return text.append(")").toString();
    }
}
