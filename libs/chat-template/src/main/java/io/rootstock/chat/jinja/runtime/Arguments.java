package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.Budget;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.None;
import io.rootstock.chat.jinja.value.Operators;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Undefined;
import java.util.List;
import java.util.Map;

/**
 * Arguments of a filter, test, method or function.
 *
 * @param positional positional arguments in order
 * @param named keyword arguments by name
 */
record Arguments(List<Object> positional, Map<String, Object> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** Counts a pass over a value and the arguments. */
    void read(Object value) {
        Budget.read(characters(value)
                + positional.stream().mapToLong(Arguments::characters).sum()
                + named.values().stream().mapToLong(Arguments::characters).sum());
    }

    private static long characters(Object value) {
        return value instanceof Text text ? text.length() : 1;
    }

    boolean has(int index, String name) {
        return index < positional.size() || named.containsKey(name);
    }

    Object get(int index, String name, Object standard) {
        return index < positional.size() ? positional.get(index) : named.getOrDefault(name, standard);
    }

    Object get(int index, String name) {
        if (!has(index, name)) {
            throw new JinjaException("missing a required argument: '" + name + "'");
        }
        return get(index, name, None.NONE);
    }

    Text text(int index, String name) {
        return text(get(index, name), name);
    }

    Text text(int index, String name, String standard) {
        return text(get(index, name, Text.of(standard)), name);
    }

    /** Returns a string argument; null if it is None or missing. */
    String characters(int index, String name) {
        Object value = get(index, name, None.NONE);
        return value instanceof None ? null : text(value, name).toString();
    }

    long whole(int index, String name, long standard) {
        return Operators.whole(get(index, name, standard));
    }

    boolean truth(int index, String name) {
        return Python.truth(get(index, name, false));
    }

    /** Returns a copy without the first positional arguments. */
    Arguments after(int count) {
        return new Arguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }

    private static Text text(Object value, String name) {
        return switch (value) {
            case Text text -> text;
            case Undefined undefined -> throw undefined.error();
            default -> throw new JinjaException("'" + name + "' must be str, not " + Python.type(value));
        };
    }
}
