package io.rootstock.service.filter;

import io.rootstock.service.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A field by which a list is ordered. */
record Order<A>(Field<A> field, boolean descending) {
    private static final int MAX_LENGTH = 200;
    private static final int MAX_FIELDS = 4;
    private static final Pattern PART = Pattern.compile("\\s*([^\\s,]+)(\\s+(asc|desc))?\\s*");

    /** Parses an order (AIP-132), such as {@code state, create_time desc}, and appends the list's key. */
    static <A> List<Order<A>> parse(ListFields<A> fields, String text) {
        if (text.length() > MAX_LENGTH) {
            throw Errors.invalidArgument("order_by", "must have at most " + MAX_LENGTH + " characters");
        }
        List<Order<A>> order = new ArrayList<>();
        if (!text.isBlank()) {
            int position = 1;
            for (String part : text.split(",", -1)) {
                order.add(part(fields, part, position));
                position += part.length() + 1;
            }
        }
        if (order.size() > MAX_FIELDS) {
            throw Errors.invalidArgument("order_by", "must have at most " + MAX_FIELDS + " fields");
        }
        order.add(new Order<>(fields.key(), fields.descending()));
        return List.copyOf(order);
    }

    private static <A> Order<A> part(ListFields<A> fields, String part, int position) {
        Matcher matcher = PART.matcher(part);
        if (!matcher.matches()) {
            throw FilterParser.error(
                    "order_by", position, "expected FIELD, FIELD asc or FIELD desc, was '" + part.strip() + "'");
        }
        String name = matcher.group(1);
        Field<A> field = fields.find(name)
                .filter(found -> found.type() != FieldType.TAGS)
                .orElseThrow(() -> FilterParser.error(
                        "order_by",
                        position,
                        "cannot order by '" + name + "'; known fields: "
                                + fields.fields().stream()
                                        .filter(known -> known.type() != FieldType.TAGS)
                                        .map(known -> "'" + known.name() + "'")
                                        .collect(Collectors.joining(", "))));
        return new Order<>(field, "desc".equals(matcher.group(3)));
    }
}
