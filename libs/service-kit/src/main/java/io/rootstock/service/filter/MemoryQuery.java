package io.rootstock.service.filter;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Runs a query of a list on elements in memory. Its fields are functions that return a value of the field's type. */
public final class MemoryQuery {
    private MemoryQuery() {}

    /**
     * Returns the elements that match the filter, in order.
     *
     * @param cursor cursor of the last element of the page before; empty for the first page
     */
    public static <T> List<T> run(ListQuery<Function<T, ?>> query, Optional<String> cursor, List<T> elements) {
        Optional<List<Object>> after = cursor.map(query::values);
        return elements.stream()
                .filter(element -> matches(query.condition(), element))
                .filter(element -> after.isEmpty() || compare(query.order(), values(query, element), after.get()) > 0)
                .sorted(Comparator.comparing(
                        element -> values(query, element), (one, other) -> compare(query.order(), one, other)))
                .toList();
    }

    /** Returns the cursor of an element. */
    public static <T> String cursor(ListQuery<Function<T, ?>> query, T element) {
        return ListQuery.cursor(values(query, element));
    }

    private static <T> List<Object> values(ListQuery<Function<T, ?>> query, T element) {
        return query.orderFields().stream()
                .<Object>map(field -> field.access().apply(element))
                .toList();
    }

    private static int compare(List<? extends Order<?>> order, List<Object> one, List<Object> other) {
        for (int i = 0; i < order.size(); i++) {
            int compared = order.get(i).field().type().compare(one.get(i), other.get(i));
            if (compared != 0) {
                return order.get(i).descending() ? -compared : compared;
            }
        }
        return 0;
    }

    private static <T> boolean matches(Condition<Function<T, ?>> condition, T element) {
        return switch (condition) {
            case Condition.And<Function<T, ?>>(List<Condition<Function<T, ?>>> parts) ->
                parts.stream().allMatch(part -> matches(part, element));
            case Condition.Or<Function<T, ?>>(List<Condition<Function<T, ?>>> parts) ->
                parts.stream().anyMatch(part -> matches(part, element));
            case Condition.Not<Function<T, ?>>(Condition<Function<T, ?>> part) -> !matches(part, element);
            case Condition.Comparison<Function<T, ?>>(
                    Field<Function<T, ?>> field,
                    Condition.Operator operator,
                    Object value) -> compares(field.type(), field.access().apply(element), operator, value);
            case Condition.TagComparison<Function<T, ?>>(
                    Field<Function<T, ?>> field,
                    String key,
                    Condition.Operator operator,
                    String value) -> {
                Object tag = ((Map<?, ?>) field.access().apply(element)).get(key);
                yield tag != null && compares(FieldType.TEXT, tag, operator, value);
            }
            case Condition.HasTag<Function<T, ?>>(Field<Function<T, ?>> field, String key) ->
                ((Map<?, ?>) field.access().apply(element)).containsKey(key);
        };
    }

    private static boolean compares(FieldType type, Object actual, Condition.Operator operator, Object value) {
        return switch (operator) {
            case EQUAL -> type.compare(actual, value) == 0;
            case LESS -> type.compare(actual, value) < 0;
            case AT_MOST -> type.compare(actual, value) <= 0;
            case GREATER -> type.compare(actual, value) > 0;
            case AT_LEAST -> type.compare(actual, value) >= 0;
            case PREFIX -> ((String) actual).startsWith((String) value);
        };
    }
}
