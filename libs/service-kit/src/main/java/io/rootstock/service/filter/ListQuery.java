package io.rootstock.service.filter;

import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A filter and an order of a list.
 *
 * @param text equal for equal queries only; a page token is bound to it
 */
public record ListQuery<A>(Condition<A> condition, List<Order<A>> order, String text) {
    /**
     * Parses the fields {@code filter} and {@code order_by} of a request.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT names the field, the position and what is expected there
     */
    public static <A> ListQuery<A> parse(ListFields<A> fields, String filter, String orderBy) {
        return new ListQuery<>(
                FilterParser.parse(fields, filter), Order.parse(fields, orderBy), filter + "\n" + orderBy);
    }

    /** Whether elements are neither filtered nor ordered by another field than the key. */
    public boolean isPlain() {
        return order.size() == 1 && condition.equals(new Condition.And<>(List.of()));
    }

    /** The fields by which the list is ordered. */
    public List<Field<A>> orderFields() {
        return order.stream().map(Order::field).toList();
    }

    /** Encodes the values of {@link #orderFields} of an element as the cursor of a page token. */
    public static String cursor(List<Object> values) {
        return values.stream()
                .map(value -> URLEncoder.encode(value.toString(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** Returns the values of a cursor; INVALID_ARGUMENT if they are not of this query's order. */
    List<Object> values(String cursor) {
        String[] parts = cursor.split("&", -1);
        if (parts.length != order.size()) {
            throw invalidCursor();
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            try {
                values.add(order.get(i).field().type().parse(URLDecoder.decode(parts[i], StandardCharsets.UTF_8)));
            } catch (IllegalArgumentException e) {
                throw invalidCursor();
            }
        }
        return values;
    }

    private static StatusRuntimeException invalidCursor() {
        return Errors.invalidArgument("page_token", "must be the next_page_token of the page before");
    }
}
