package io.rootstock.chat.jinja.value;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Serializes values as Python's {@code json.dumps(ensure_ascii=False)}: Hugging Face's {@code tojson}. */
public final class Json {
    private final StringBuilder out = new StringBuilder();
    private final String itemSeparator;
    private final String keySeparator;
    private final String indent;
    private final boolean sorted;
    private final boolean ascii;

    private Json(Map<String, Object> options) {
        Object indentOption = options.getOrDefault("indent", None.NONE);
        this.indent = switch (indentOption) {
            case None _ -> null;
            case Long spaces -> " ".repeat((int) Math.clamp(spaces, 0L, 64L));
            case Text text -> text.toString();
            default -> throw new JinjaException("tojson: indent must be a number or a string");
        };
        if (options.get("separators") instanceof List<?> separators
                && separators.size() == 2
                && separators.get(0) instanceof Text item
                && separators.get(1) instanceof Text key) {
            this.itemSeparator = item.toString();
            this.keySeparator = key.toString();
        } else {
            this.itemSeparator = indent == null ? ", " : ",";
            this.keySeparator = ": ";
        }
        this.sorted = Python.truth(options.getOrDefault("sort_keys", false));
        this.ascii = Python.truth(options.getOrDefault("ensure_ascii", false));
    }

    /** Returns the JSON; if any part has a foreign source, all of it gets that source, so that it stays one text. */
    public static Text write(Object value, Map<String, Object> options) {
        Json json = new Json(options);
        json.value(value, 0);
        return Text.of(json.out.toString(), Python.source(value));
    }

    private void value(Object value, int depth) {
        Budget.enter();
        switch (value) {
            case Text text -> string(text.toString());
            case Boolean truth -> out.append(truth);
            case Double number when number.isNaN() -> out.append("NaN");
            case Double number when number.isInfinite() -> out.append(number > 0 ? "Infinity" : "-Infinity");
            case Double number -> out.append(Python.decimal(number));
            case Number number -> out.append(number);
            case None _ -> out.append("null");
            case List<?> list -> list(list, depth);
            case Map<?, ?> map -> map(map, depth);
            default -> throw new JinjaException("Object of type " + Python.type(value) + " is not JSON serializable");
        }
        Budget.length(out.length());
        Budget.leave();
    }

    private void list(List<?> list, int depth) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        String separator = "[";
        for (Object item : list) {
            out.append(separator);
            newLine(depth + 1);
            value(item, depth + 1);
            separator = itemSeparator;
        }
        newLine(depth);
        out.append(']');
    }

    private void map(Map<?, ?> map, int depth) {
        if (map.isEmpty()) {
            out.append("{}");
            return;
        }
        Budget.items(map.size());
        List<? extends Map.Entry<?, ?>> entries = map.entrySet().stream()
                .sorted((left, right) -> sorted ? Operators.order(left.getKey(), right.getKey()) : 0)
                .toList();
        String separator = "{";
        for (Map.Entry<?, ?> entry : entries) {
            out.append(separator);
            newLine(depth + 1);
            key(entry.getKey());
            out.append(keySeparator);
            value(entry.getValue(), depth + 1);
            separator = itemSeparator;
        }
        newLine(depth);
        out.append('}');
    }

    private void key(Object key) {
        switch (key) {
            case Text text -> string(text.toString());
            case None _ -> string("null");
            case Boolean truth -> string(Objects.toString(truth));
            default -> string(Python.str(key).toString());
        }
    }

    private void newLine(int depth) {
        if (indent != null) {
            Budget.length(out.length() + (long) indent.length() * depth);
            out.append('\n').repeat(indent, depth);
        }
    }

    private void string(String text) {
        Budget.read(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 0x20 || (ascii && c > 0x7e)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
