package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.None;
import io.rootstock.chat.jinja.value.Operators;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Jinja's filters of lists and dictionaries. */
final class CollectionFilters {
    private CollectionFilters() {}

    /** Applies a filter of collections; empty if {@code name} is not one. */
    static Optional<Object> apply(String name, Object value, Arguments arguments) {
        return Optional.ofNullable(
                switch (name) {
                    case "dictsort" -> sortedPairs(value, arguments);
                    case "first" -> end(value, true);
                    case "last" -> end(value, false);
                    case "items" -> value instanceof Map<?, ?> map ? Attributes.pairs(map) : notMap(value);
                    case "join" -> joined(value, arguments);
                    case "list" -> new ArrayList<>(Python.list(value));
                    case "map" -> mapped(unlessFalse(value), arguments);
                    case "max" -> extreme(value, arguments, false);
                    case "min" -> extreme(value, arguments, true);
                    case "select" -> kept(value, test(arguments), true);
                    case "reject" -> kept(value, test(arguments), false);
                    case "selectattr" -> kept(value, attributeTest(arguments), true);
                    case "rejectattr" -> kept(value, attributeTest(arguments), false);
                    case "sort" -> sorted(value, arguments);
                    case "sum" -> sum(value, arguments);
                    case "unique" -> unique(value, arguments);
                    default -> null;
                });
    }

    private static Object notMap(Object value) {
        if (value instanceof Undefined) {
            return List.of();
        }
        throw new JinjaException("Can only get item pairs from a mapping.");
    }

    private static Object end(Object value, boolean first) {
        List<Object> items = Python.list(value);
        if (items.isEmpty()) {
            return new Undefined("No " + (first ? "first" : "last") + " item, sequence was empty.");
        }
        return first ? items.getFirst() : items.getLast();
    }

    private static Text joined(Object value, Arguments arguments) {
        Object attribute = arguments.get(1, "attribute", None.NONE);
        List<Object> items = attribute instanceof None
                ? Python.list(value)
                : Python.list(value).stream()
                        .map(item -> Attributes.path(item, attribute))
                        .toList();
        return TextMethods.join(Python.str(arguments.get(0, "d", Text.EMPTY)), items);
    }

    private static List<Object> mapped(List<Object> items, Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            Object attribute = arguments.get(0, "attribute");
            Object standard = arguments.named().get("default");
            List<Object> values = new ArrayList<>();
            for (Object item : items) {
                Object attributeValue = Attributes.path(item, attribute);
                values.add(attributeValue instanceof Undefined && standard != null ? standard : attributeValue);
            }
            return values;
        }
        String filter = arguments.text(0, "filter").toString();
        Arguments rest = arguments.after(1);
        List<Object> values = new ArrayList<>();
        items.forEach(item -> values.add(filtered(filter, item, rest)));
        return values;
    }

    /** Applies any filter. */
    static Object filtered(String name, Object value, Arguments arguments) {
        arguments.read(value);
        return apply(name, value, arguments).orElseGet(() -> Filters.apply(name, value, arguments));
    }

    private static Predicate<Object> test(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            return Python::truth;
        }
        String name = arguments.text(0, "test").toString();
        Arguments rest = arguments.after(1);
        return value -> Tests.test(name, value, rest);
    }

    private static Predicate<Object> attributeTest(Arguments arguments) {
        Object attribute = arguments.get(0, "attribute");
        Predicate<Object> test = test(arguments.after(1));
        return value -> test.test(Attributes.path(value, attribute));
    }

    private static List<Object> kept(Object value, Predicate<Object> test, boolean wanted) {
        List<Object> kept = new ArrayList<>();
        for (Object item : unlessFalse(value)) {
            if (test.test(item) == wanted) {
                kept.add(item);
            }
        }
        return kept;
    }

    /** Jinja's lazy filters return an empty list for a false value, including None. */
    private static List<Object> unlessFalse(Object value) {
        return Python.truth(value) ? Python.list(value) : List.of();
    }

    private static Comparator<Object> order(boolean caseSensitive) {
        return (left, right) -> Operators.order(folded(left, caseSensitive), folded(right, caseSensitive));
    }

    private static Object folded(Object value, boolean caseSensitive) {
        return value instanceof Text text && !caseSensitive
                ? text.mapped(part -> part.toLowerCase(Locale.ROOT))
                : value;
    }

    private static List<Object> sorted(Object value, Arguments arguments) {
        Object attribute = arguments.get(2, "attribute", None.NONE);
        Comparator<Object> order = order(arguments.truth(1, "case_sensitive"));
        Comparator<Object> byKey = attribute instanceof None
                ? order
                : (left, right) -> order.compare(Attributes.path(left, attribute), Attributes.path(right, attribute));
        List<Object> sorted = new ArrayList<>(Python.list(value));
        sorted.sort(arguments.truth(0, "reverse") ? byKey.reversed() : byKey);
        return sorted;
    }

    private static List<Object> sortedPairs(Object value, Arguments arguments) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new JinjaException("dictsort needs a mapping");
        }
        int by = arguments.text(1, "by", "key").toString().equals("value") ? 1 : 0;
        Comparator<Object> order = order(arguments.truth(0, "case_sensitive"));
        Comparator<Object> byPlace =
                (left, right) -> order.compare(((List<?>) left).get(by), ((List<?>) right).get(by));
        List<Object> pairs = Attributes.pairs(map);
        pairs.sort(arguments.truth(2, "reverse") ? byPlace.reversed() : byPlace);
        return pairs;
    }

    private static Object extreme(Object value, Arguments arguments, boolean least) {
        List<Object> items = Python.list(value);
        if (items.isEmpty()) {
            return new Undefined("No aggregated item, sequence was empty.");
        }
        Comparator<Object> order = order(arguments.truth(0, "case_sensitive"));
        return least ? Collections.min(items, order) : Collections.max(items, order);
    }

    private static Object sum(Object value, Arguments arguments) {
        Object attribute = arguments.get(0, "attribute", None.NONE);
        Object sum = arguments.get(1, "start", 0L);
        for (Object item : Python.list(value)) {
            sum = Operators.binary("+", sum, attribute instanceof None ? item : Attributes.path(item, attribute));
        }
        return sum;
    }

    private static List<Object> unique(Object value, Arguments arguments) {
        Object attribute = arguments.get(1, "attribute", None.NONE);
        boolean caseSensitive = arguments.truth(0, "case_sensitive");
        Set<Object> seen = new HashSet<>();
        List<Object> unique = new ArrayList<>();
        for (Object item : Python.list(value)) {
            Object key = attribute instanceof None ? item : Attributes.path(item, attribute);
            if (seen.add(Python.key(folded(key, caseSensitive)))) {
                unique.add(item);
            }
        }
        return unique;
    }
}
