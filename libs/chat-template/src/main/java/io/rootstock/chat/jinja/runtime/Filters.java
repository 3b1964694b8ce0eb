package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.Formats;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Json;
import io.rootstock.chat.jinja.value.Operators;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Slices;
import io.rootstock.chat.jinja.value.Splits;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Jinja's filters of single values; {@link CollectionFilters} implements the filters of lists. */
final class Filters {
    private Filters() {}

    static Object apply(String name, Object value, Arguments arguments) {
        return switch (name) {
            case "abs" -> absolute(value);
            case "capitalize" -> TextMethods.capitalize(Python.str(value));
            case "default", "d" -> {
                boolean missing = value instanceof Undefined || (arguments.truth(1, "boolean") && !Python.truth(value));
                yield missing ? arguments.get(0, "default_value", Text.EMPTY) : value;
            }
            case "escape", "e" -> Python.str(value).escaped();
            case "forceescape" -> Text.join(List.of(Python.str(value))).escaped();
            case "float" -> decimal(value, arguments.get(0, "default", 0.0));
            case "format" -> Formats.percent(Python.str(value), arguments.positional());
            case "indent" -> indented(Python.str(value), arguments);
            case "int" -> whole(value, arguments);
            case "length", "count" -> length(value);
            case "lower" -> Python.str(value).mapped(part -> part.toLowerCase(Locale.ROOT));
            case "upper" -> Python.str(value).mapped(part -> part.toUpperCase(Locale.ROOT));
            case "replace" ->
                TextMethods.replace(
                        Python.str(value),
                        Python.str(arguments.get(0, "old")),
                        Python.str(arguments.get(1, "new")),
                        arguments.whole(2, "count", -1));
            case "reverse" -> reversed(value);
            case "round" -> rounded(value, arguments);
            case "safe" -> Python.str(value).asMarkup();
            case "string" -> Python.str(value);
            case "title" -> titled(Python.str(value));
            case "tojson" ->
                Json.write(value, arguments.positional().isEmpty() ? arguments.named() : options(arguments));
            case "trim" -> Python.strip(Python.str(value), arguments.characters(0, "chars"), true, true);
            case "wordcount" -> (long) Splits.split(Python.str(value), null, -1).size();
            default -> throw new JinjaException("no filter named '" + name + "'");
        };
    }

    private static Map<String, Object> options(Arguments arguments) {
        Map<String, Object> options = new java.util.HashMap<>(arguments.named());
        List<String> order = List.of("ensure_ascii", "indent", "separators", "sort_keys");
        for (int i = 0; i < Math.min(order.size(), arguments.positional().size()); i++) {
            options.put(order.get(i), arguments.positional().get(i));
        }
        return options;
    }

    private static Object absolute(Object value) {
        return value instanceof Double number ? (Object) Math.abs(number) : (Object) Math.abs(Operators.whole(value));
    }

    private static long length(Object value) {
        return switch (value) {
            case Text text -> Slices.length(text);
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case Undefined _ -> 0;
            default -> throw new JinjaException("object of type '" + Python.type(value) + "' has no len()");
        };
    }

    private static Object reversed(Object value) {
        List<Object> items = new ArrayList<>(Python.list(value));
        Collections.reverse(items);
        return value instanceof Text ? TextMethods.join(Text.EMPTY, items) : items;
    }

    private static Object decimal(Object value, Object standard) {
        try {
            return value instanceof Text text
                    ? Double.valueOf(text.toString().trim())
                    : (Object) Operators.number(value);
        } catch (NumberFormatException | JinjaException _) {
            return standard;
        }
    }

    private static Object whole(Object value, Arguments arguments) {
        Object standard = arguments.get(0, "default", 0L);
        try {
            return switch (value) {
                case Text text -> {
                    String digits = text.toString().trim().replace("_", "");
                    int base = (int) arguments.whole(1, "base", 10);
                    yield base == 10 && digits.contains(".")
                            ? (long) Double.parseDouble(digits)
                            : Long.parseLong(digits, base);
                }
                case Double number -> (long) (double) number;
                default -> Operators.whole(value);
            };
        } catch (NumberFormatException | JinjaException _) {
            return standard;
        }
    }

    private static Object rounded(Object value, Arguments arguments) {
        double scale = Math.pow(10, (double) arguments.whole(0, "precision", 0));
        double scaled = Operators.number(value) * scale;
        String method = arguments.text(1, "method", "common").toString();
        return switch (method) {
            case "common" -> Math.rint(scaled) / scale;
            case "ceil" -> Math.ceil(scaled) / scale;
            case "floor" -> Math.floor(scaled) / scale;
            default -> throw new JinjaException("method must be common, ceil or floor");
        };
    }

    private static Text titled(Text text) {
        StringBuilder out = new StringBuilder();
        boolean begins = true;
        for (int c : text.toString().codePoints().toArray()) {
            out.appendCodePoint(begins ? Character.toUpperCase(c) : Character.toLowerCase(c));
            begins = c == '-' || c == '(' || c == '{' || c == '[' || c == '<' || Python.isSpace(c);
        }
        return text.rewritten(out.toString());
    }

    private static Text indented(Text text, Arguments arguments) {
        Object width = arguments.get(0, "width", 4L);
        Text indent = width instanceof Text given
                ? given
                : Text.of(" ".repeat((int) Math.clamp(Operators.whole(width), 0L, 1000L)));
        boolean first = arguments.truth(1, "first");
        boolean blank = arguments.truth(2, "blank");
        List<Object> lines = Splits.lines(text.concat(Text.of("\n")), false);
        List<Text> parts = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Text line = (Text) lines.get(i);
            if (i > 0) {
                parts.add(Text.of("\n"));
            }
            if (i == 0 ? first : blank || !line.isEmpty()) {
                parts.add(indent);
            }
            parts.add(line);
        }
        return Text.join(parts);
    }
}
