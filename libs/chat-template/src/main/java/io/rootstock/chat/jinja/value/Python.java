package io.rootstock.chat.jinja.value;

import java.math.BigDecimal;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Python's semantics of values and their string conversions. */
public final class Python {
    private Python() {}

    /** Python's {@code bool()}. */
    public static boolean truth(Object value) {
        return switch (value) {
            case Boolean truth -> truth;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case Text text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            case None _, Undefined _ -> false;
            default -> true;
        };
    }

    /** Python's {@code str()}. */
    public static Text str(Object value) {
        return switch (value) {
            case Text text -> text;
            case Undefined _ -> Text.EMPTY;
            default -> repr(value);
        };
    }

    /** Python's {@code repr()}. */
    public static Text repr(Object value) {
        StringBuilder out = new StringBuilder();
        repr(value, out);
        return Text.of(out.toString(), source(value));
    }

    private static void repr(Object value, StringBuilder out) {
        Budget.enter();
        switch (value) {
            case Text text -> quoted(text.toString(), out);
            case Boolean truth -> out.append(truth ? "True" : "False");
            case Double number -> out.append(decimal(number));
            case None _ -> out.append("None");
            case Undefined _ -> out.append("Undefined");
            case List<?> list -> {
                out.append('[');
                String separator = "";
                for (Object item : list) {
                    out.append(separator);
                    repr(item, out);
                    separator = ", ";
                }
                out.append(']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    repr(entry.getKey(), out);
                    out.append(": ");
                    repr(entry.getValue(), out);
                    separator = ", ";
                }
                out.append('}');
            }
            case Namespace _ -> out.append("<Namespace>");
            case Function _ -> out.append("<function>");
            default -> out.append(value);
        }
        Budget.length(out.length());
        Budget.leave();
    }

    private static void quoted(String text, StringBuilder out) {
        Budget.read(text.length());
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(c -> {
            if (c == quote || c == '\\') {
                out.append('\\').appendCodePoint(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c == '\r') {
                out.append("\\r");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (c < 0x20 || (c >= 0x7f && c < 0xa1) || c == 0xad) {
                out.append(String.format("\\x%02x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        out.append(quote);
    }

    /** Python's {@code repr()} of a float. */
    static String decimal(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = shortest.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (number < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /** Returns the source of a value: the first source in its text other than the template. */
    static int source(Object value) {
        Budget.enter();
        int source = switch (value) {
            case Text text -> text.foreignSource();
            case List<?> list -> firstSource(list);
            case Map<?, ?> map -> {
                int keys = firstSource(map.keySet());
                yield keys != Text.TEMPLATE ? keys : firstSource(map.values());
            }
            default -> Text.TEMPLATE;
        };
        Budget.leave();
        return source;
    }

    private static int firstSource(Iterable<?> values) {
        for (Object value : values) {
            int source = source(value);
            if (source != Text.TEMPLATE) {
                return source;
            }
        }
        return Text.TEMPLATE;
    }

    /** Python's type name of a value, for errors. */
    public static String type(Object value) {
        return switch (value) {
            case Text _ -> "str";
            case Boolean _ -> "bool";
            case Double _ -> "float";
            case Number _ -> "int";
            case List<?> _ -> "list";
            case Map<?, ?> _ -> "dict";
            case None _ -> "None";
            case Undefined _ -> "undefined";
            default -> "object";
        };
    }

    /** Python's {@code str.isspace} of one character. */
    public static boolean isSpace(int c) {
        return (c >= 9 && c <= 13)
                || (c >= 0x1c && c <= 0x20)
                || c == 0x85
                || c == 0xa0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200a)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }

    /**
     * Python's {@code strip}, {@code lstrip} and {@code rstrip}; strips white space if {@code characters} is not given.
     */
    public static Text strip(Text text, String characters, boolean left, boolean right) {
        String flat = text.toString();
        IntPredicate strips = characters == null ? Python::isSpace : set(characters)::get;
        int from = 0;
        int to = flat.length();
        while (left && from < to && strips.test(flat.codePointAt(from))) {
            from += Character.charCount(flat.codePointAt(from));
        }
        while (right && to > from && strips.test(flat.codePointBefore(to))) {
            to -= Character.charCount(flat.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static BitSet set(String characters) {
        BitSet set = new BitSet();
        characters.codePoints().forEach(set::set);
        return set;
    }

    /** Whether a value can be iterated. */
    public static boolean isIterable(Object value) {
        return value instanceof List<?>
                || value instanceof Map<?, ?>
                || value instanceof Text
                || value instanceof Undefined;
    }

    /** Whether a value can be a key: lists and dictionaries have no hash. */
    public static boolean isKey(Object value) {
        return !(value instanceof List<?> || value instanceof Map<?, ?>);
    }

    /** Requires a value that can be a key. */
    public static Object key(Object value) {
        if (!isKey(value)) {
            throw new JinjaException("unhashable type: '" + type(value) + "'");
        }
        return value;
    }

    /** Returns an iterable value as a list; empty if the value is not iterable. */
    public static Optional<List<Object>> items(Object value) {
        return switch (value) {
            case List<?> list -> {
                Budget.items(list.size());
                yield Optional.of(List.copyOf(list));
            }
            case Map<?, ?> map -> {
                Budget.items(map.size());
                yield Optional.of(List.copyOf(map.keySet()));
            }
            case Text text -> Optional.of(Slices.characters(text));
            case Undefined _ -> Optional.of(List.of());
            default -> Optional.empty();
        };
    }

    /** Returns an iterable value as a list. */
    public static List<Object> list(Object value) {
        return items(value).orElseThrow(() -> new JinjaException("'" + type(value) + "' object is not iterable"));
    }
}
