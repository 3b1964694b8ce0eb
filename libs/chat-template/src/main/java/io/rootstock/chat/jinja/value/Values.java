package io.rootstock.chat.jinja.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Converts Java values to template values. */
public final class Values {
    private Values() {}

    /**
     * Converts a JSON-like value (null, booleans, numbers, strings, lists, maps with string keys), and marks all its
     * strings and keys with a source.
     */
    public static Object of(Object value, int source) {
        return switch (value) {
            case null -> None.NONE;
            case Text text -> text;
            case CharSequence text -> Text.of(text.toString(), source);
            case Boolean truth -> truth;
            case Long number -> number;
            case Integer number -> (long) number;
            case Short number -> (long) number;
            case Double number -> number;
            case Float number -> (double) number;
            case BigDecimal number -> number.doubleValue();
            case BigInteger number -> number;
            case List<?> list -> {
                List<Object> items = new ArrayList<>();
                list.forEach(item -> items.add(of(item, source)));
                yield items;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put(of(key, source), of(item, source)));
                yield entries;
            }
            default -> throw new IllegalArgumentException("no template value: " + value.getClass());
        };
    }

    /** Converts a value to the text that {@code tojson} would write. */
    public static String json(Object value) {
        return Json.write(of(value, Text.TEMPLATE), Map.of()).toString();
    }
}
