package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Operators;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Slices;
import io.rootstock.chat.jinja.value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's {@code str.format}: numbered, named and automatic fields; {@code !s} and {@code !r}; format specifications
 * with fill, alignment, width, thousands separator, precision and the types s, d, x and f. Anything else is an error.
 */
final class BraceFormats {
    private static final int MAX_WIDTH = 1000;
    private static final Pattern PLACE =
            Pattern.compile("\\{\\{|}}|\\{([0-9]*|[A-Za-z_][A-Za-z_0-9]*)(?:!([rs]))?(?::([^{}]*))?}|[{}]");
    private static final Pattern FORM =
            Pattern.compile("(?:(.)?([<>^]))?(0)?([0-9]{0,6})(,)?(?:\\.([0-9]{1,2}))?([sdxf]?)");

    private final Arguments arguments;
    private int next;

    private BraceFormats(Arguments arguments) {
        this.arguments = arguments;
    }

    static Text format(Text format, Arguments arguments) {
        BraceFormats places = new BraceFormats(arguments);
        Matcher matcher = PLACE.matcher(format.toString());
        List<Text> parts = new ArrayList<>();
        int end = 0;
        while (matcher.find()) {
            parts.add(format.substring(end, matcher.start()));
            parts.add(places.filled(matcher));
            end = matcher.end();
        }
        parts.add(format.substring(end, format.length()));
        return Text.join(parts);
    }

    private Text filled(Matcher place) {
        return switch (place.group()) {
            case "{{" -> Text.of("{");
            case "}}" -> Text.of("}");
            case "{", "}" ->
                throw new JinjaException("format: a single '" + place.group() + "', or what is not known here");
            default -> {
                Object value = value(place.group(1));
                if (place.group(2) != null) {
                    value = place.group(2).equals("r") ? Python.repr(value) : Python.str(value);
                }
                yield place.group(3) == null ? Python.str(value) : formed(value, place.group(3));
            }
        };
    }

    private Object value(String name) {
        if (!name.isEmpty() && !Character.isDigit(name.charAt(0))) {
            Object named = arguments.named().get(name);
            if (named == null) {
                throw new JinjaException("format: argument not found: " + name);
            }
            return named;
        }
        int index = name.isEmpty() ? next++ : name.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(name);
        if (index >= arguments.positional().size()) {
            throw new JinjaException("format: argument not found: " + index);
        }
        return arguments.positional().get(index);
    }

    private static Text formed(Object value, String form) {
        Matcher matcher = FORM.matcher(form);
        if (!matcher.matches()) {
            throw new JinjaException("format: the form '" + form + "' is not known");
        }
        boolean number = value instanceof Long || value instanceof Double;
        Text written = number ? Text.of(number(value, matcher)) : text(value, matcher);
        int width = matcher.group(4).isEmpty() ? 0 : Math.min(Integer.parseInt(matcher.group(4)), MAX_WIDTH);
        int missing = width - Slices.length(written);
        if (missing <= 0) {
            return written;
        }
        boolean zeros = matcher.group(3) != null && matcher.group(2) == null;
        String fill = matcher.group(1) != null ? matcher.group(1) : matcher.group(3) != null ? "0" : " ";
        if (zeros && number) {
            int sign = written.toString().startsWith("-") ? 1 : 0;
            return Text.of(written.toString().substring(0, sign)
                    + fill.repeat(missing)
                    + written.toString().substring(sign));
        }
        String alignment = matcher.group(2) != null ? matcher.group(2) : number ? ">" : "<";
        int before = switch (alignment) {
            case "<" -> 0;
            case ">" -> missing;
            default -> missing / 2;
        };
        return Text.of(fill.repeat(before)).concat(written).concat(Text.of(fill.repeat(missing - before)));
    }

    private static Text text(Object value, Matcher form) {
        if (form.group(5) != null || !(form.group(7).isEmpty() || form.group(7).equals("s"))) {
            throw new JinjaException("format: " + Python.type(value) + " cannot be written as a number");
        }
        Text text = Python.str(value);
        int longest = form.group(6) == null ? Integer.MAX_VALUE : Integer.parseInt(form.group(6));
        return Slices.length(text) <= longest
                ? text
                : text.substring(0, text.toString().offsetByCodePoints(0, longest));
    }

    private static String number(Object value, Matcher form) {
        String grouping = form.group(5) == null ? "" : ",";
        String type = form.group(7).isEmpty() ? value instanceof Long ? "d" : "" : form.group(7);
        return switch (type) {
            case "d" -> String.format(Locale.ROOT, "%" + grouping + "d", Operators.whole(value));
            case "x" -> Long.toHexString(Operators.whole(value));
            case "f" -> {
                String precision = form.group(6) == null ? "6" : form.group(6);
                yield String.format(Locale.ROOT, "%" + grouping + "." + precision + "f", Operators.number(value));
            }
            default -> {
                if (!grouping.isEmpty() || form.group(6) != null || type.equals("s")) {
                    throw new JinjaException("format: say how a " + Python.type(value) + " is written: d, x or f");
                }
                yield Python.str(value).toString();
            }
        };
    }
}
