package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.Function;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.None;
import io.rootstock.chat.jinja.value.Operators;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Undefined;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Jinja's tests: {@code value is name}. */
final class Tests {
    private Tests() {}

    static boolean test(String name, Object value, Arguments arguments) {
        arguments.read(value);
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof None;
            case "boolean" -> value instanceof Boolean;
            case "true" -> value instanceof Boolean truth && truth;
            case "false" -> value instanceof Boolean truth && !truth;
            case "integer" -> value instanceof Number && !(value instanceof Double);
            case "float" -> value instanceof Double;
            case "number" -> value instanceof Number || value instanceof Boolean;
            case "string" -> value instanceof Text;
            case "mapping" -> value instanceof Map<?, ?>;
            case "iterable" -> Python.isIterable(value);
            case "sequence" ->
                value instanceof Text
                        || value instanceof List<?>
                        || value instanceof Map<?, ?>
                        || value instanceof Undefined;
            case "callable" -> value instanceof Function;
            case "odd" -> Math.floorMod(Operators.whole(value), 2L) == 1;
            case "even" -> Math.floorMod(Operators.whole(value), 2L) == 0;
            case "divisibleby" -> Operators.equal(Operators.binary("%", value, arguments.get(0, "num")), 0L);
            case "eq", "equalto", "==" -> Operators.equal(value, arguments.get(0, "other"));
            case "ne", "!=" -> !Operators.equal(value, arguments.get(0, "other"));
            case "lt", "lessthan", "<" -> Operators.order(value, arguments.get(0, "other")) < 0;
            case "le", "<=" -> Operators.order(value, arguments.get(0, "other")) <= 0;
            case "gt", "greaterthan", ">" -> Operators.order(value, arguments.get(0, "other")) > 0;
            case "ge", ">=" -> Operators.order(value, arguments.get(0, "other")) >= 0;
            case "in" -> Operators.contains(arguments.get(0, "seq"), value);
            case "sameas" -> same(value, arguments.get(0, "other"));
            case "lower" -> isCase(value, true);
            case "upper" -> isCase(value, false);
            default -> throw new JinjaException("no test named '" + name + "'");
        };
    }

    @SuppressWarnings("ReferenceEquality") // the test compares identities
    private static boolean same(Object value, Object other) {
        return value == other || ((value instanceof Boolean || value instanceof Long) && value.equals(other));
    }

    private static boolean isCase(Object value, boolean lower) {
        String text = Python.str(value).toString();
        String upperCase = text.toUpperCase(Locale.ROOT);
        String lowerCase = text.toLowerCase(Locale.ROOT);
        return !upperCase.equals(lowerCase) && text.equals(lower ? lowerCase : upperCase);
    }
}
