package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.Budget;
import io.rootstock.chat.jinja.value.Function;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Namespace;
import io.rootstock.chat.jinja.value.None;
import io.rootstock.chat.jinja.value.Operators;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Slices;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code value.name} and {@code value[key]}. Methods that modify a value are rejected, as in Jinja's sandbox. */
final class Attributes {
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");

    private Attributes() {}

    static Object attribute(Object value, String name) {
        Optional<? extends Object> own = own(value, name);
        if (own.isPresent()) {
            return own.get();
        }
        Object item = value instanceof Map<?, ?> map ? map.get(Text.of(name)) : null;
        return item != null ? item : new Undefined(Python.type(value) + " object has no attribute " + name);
    }

    static Object item(Object value, Object key) {
        return switch (value) {
            case Map<?, ?> map when Python.isKey(key) && map.containsKey(key) -> map.get(key);
            case List<?> _ when key instanceof Long index -> Slices.item(value, index);
            case Text _ when key instanceof Long index -> Slices.item(value, index);
            default ->
                key instanceof Text name
                        ? own(value, name.toString())
                                .map(Object.class::cast)
                                .orElseGet(() -> new Undefined(Python.type(value) + " object has no element " + name))
                        : missing(value, key);
        };
    }

    private static Object missing(Object value, Object key) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        return new Undefined(Python.type(value) + " object has no element " + Python.str(key));
    }

    /** Looks up an attribute as Python's getattr does. */
    private static Optional<? extends Object> own(Object value, String name) {
        return switch (value) {
            case Undefined undefined -> throw undefined.error();
            case Text text -> TextMethods.find(text, name);
            case Map<?, ?> map -> mapMethod(map, name);
            case List<?> list -> listMethod(list, name);
            case Namespace namespace -> Optional.ofNullable(namespace.attributes.get(name));
            case LoopState loop -> loop.attribute(name);
            default -> Optional.empty();
        };
    }

    private static Optional<Function> mapMethod(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> Optional.of((_, _) -> pairs(map));
            case "keys" -> Optional.of((_, _) -> list(map.keySet()));
            case "values" -> Optional.of((_, _) -> list(map.values()));
            case "copy" ->
                Optional.of((_, _) -> {
                    Budget.items(map.size());
                    return new LinkedHashMap<Object, Object>(map);
                });
            case "get" ->
                Optional.of((positional, named) -> {
                    Arguments arguments = new Arguments(positional, named);
                    Object key = Python.key(arguments.get(0, "key"));
                    return map.containsKey(key) ? map.get(key) : arguments.get(1, "default", None.NONE);
                });
            case "pop", "popitem", "update", "setdefault", "clear" -> refused(name);
            default -> Optional.empty();
        };
    }

    private static Optional<Function> listMethod(List<?> list, String name) {
        return switch (name) {
            case "index" ->
                Optional.of((positional, _) -> {
                    for (int i = 0; i < list.size(); i++) {
                        if (Operators.equal(list.get(i), first(positional))) {
                            return (long) i;
                        }
                    }
                    throw new JinjaException("value is not in list");
                });
            case "count" ->
                Optional.of((positional, _) -> list.stream()
                        .filter(item -> Operators.equal(item, first(positional)))
                        .count());
            case "copy" -> Optional.of((_, _) -> list(list));
            case "append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear" -> refused(name);
            default -> Optional.empty();
        };
    }

    private static Optional<Function> refused(String name) {
        return Optional.of((_, _) -> {
            throw new JinjaException("access to attribute '" + name + "' is unsafe: templates change no values");
        });
    }

    private static Object first(List<Object> positional) {
        return new Arguments(positional, Map.of()).get(0, "value");
    }

    private static List<Object> list(Collection<?> values) {
        Budget.items(values.size());
        return new ArrayList<>(values);
    }

    static List<Object> pairs(Map<?, ?> map) {
        Budget.items(3L * map.size());
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(List.of(key, value)));
        return pairs;
    }

    /** Looks up a dotted path of attributes and indices, the argument of filters. */
    static Object path(Object value, Object path) {
        if (path instanceof Long index) {
            return item(value, index);
        }
        String names = Python.str(path).toString();
        Budget.items(names.chars().filter(character -> character == '.').count());
        Object at = value;
        for (String name : names.split("\\.", -1)) {
            at = INDEX.matcher(name).matches() ? item(at, Long.valueOf(name)) : item(at, Text.of(name));
        }
        return at;
    }
}
