package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.Budget;
import io.rootstock.chat.jinja.value.Formats;
import io.rootstock.chat.jinja.value.Function;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Namespace;
import io.rootstock.chat.jinja.value.Operators;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template can call. */
public final class Globals {
    private static final int MAX_RANGE = 100_000;

    private Globals() {}

    public static Scope scope(Clock clock) {
        Scope scope = new Scope(null);
        scope.set("range", (Function) (positional, _) -> range(positional));
        scope.set("namespace", (Function) (positional, named) -> {
            Namespace namespace = new Namespace();
            dictionary(positional, named)
                    .forEach((key, value) ->
                            namespace.attributes.put(Python.str(key).toString(), value));
            return namespace;
        });
        scope.set("dict", (Function) Globals::dictionary);
        scope.set("raise_exception", (Function) (positional, named) -> {
            Object message = new Arguments(positional, named).get(0, "message");
            throw JinjaException.raisedByTemplate(Python.str(message).toString());
        });
        scope.set("strftime_now", (Function) (positional, named) -> {
            Text format = new Arguments(positional, named).text(0, "format");
            return Text.of(Formats.time(format.toString(), ZonedDateTime.now(clock)));
        });
        return scope;
    }

    private static Map<Object, Object> dictionary(List<Object> positional, Map<String, Object> named) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (!positional.isEmpty() && positional.getFirst() instanceof Map<?, ?> given) {
            Budget.items(given.size());
            map.putAll(given);
        }
        named.forEach((key, value) -> map.put(Text.of(key), value));
        return map;
    }

    private static List<Object> range(List<Object> bounds) {
        if (bounds.isEmpty()) {
            throw new JinjaException("range expected at least 1 argument, got 0");
        }
        long from = bounds.size() > 1 ? Operators.whole(bounds.get(0)) : 0;
        long to = Operators.whole(bounds.get(bounds.size() > 1 ? 1 : 0));
        long step = bounds.size() > 2 ? Operators.whole(bounds.get(2)) : 1;
        if (step == 0) {
            throw new JinjaException("range() arg 3 must not be zero");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            if (numbers.size() >= MAX_RANGE) {
                throw new JinjaException("a range has more than " + MAX_RANGE + " numbers");
            }
            numbers.add(i);
        }
        Budget.items(numbers.size());
        return numbers;
    }
}
