package io.rootstock.torch;

import java.util.ArrayList;
import java.util.List;

/**
 * An operator's schema in the syntax of PyTorch's native_functions.yaml, for example
 * {@code aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor}.
 *
 * @param name operator name, for example {@code aten::linear}
 * @param overload the part after the dot, or empty
 * @param arguments all arguments in order, including keyword-only ones
 * @param results all results in order
 */
record Schema(String name, String overload, List<Argument> arguments, List<SchemaType> results) {
    /**
     * An argument of the schema.
     *
     * @param name argument name
     * @param type argument type
     * @param defaultValue default value of the schema, or {@link #REQUIRED}
     */
    record Argument(String name, SchemaType type, Object defaultValue) {
        static final Object REQUIRED = new Object();

        boolean required() {
            return defaultValue == REQUIRED;
        }
    }

    static Schema parse(String text) {
        int open = text.indexOf('(');
        int arrow = text.lastIndexOf("->");
        if (open < 0 || arrow < open) {
            throw new IllegalArgumentException("not an operator schema: " + text);
        }
        String full = text.substring(0, open).strip();
        int dot = full.indexOf('.');
        List<Argument> arguments = new ArrayList<>();
        for (String part : split(text.substring(open + 1, text.lastIndexOf(')', arrow)))) {
            if (!part.equals("*")) {
                arguments.add(argument(part));
            }
        }
        String results = text.substring(arrow + 2).strip();
        if (results.startsWith("(")) {
            results = results.substring(1, results.length() - 1);
        }
        return new Schema(
                dot < 0 ? full : full.substring(0, dot),
                dot < 0 ? "" : full.substring(dot + 1),
                List.copyOf(arguments),
                split(results).stream().map(Schema::result).toList());
    }

    private static Argument argument(String text) {
        int equals = text.indexOf('=');
        String declaration = (equals < 0 ? text : text.substring(0, equals)).strip();
        int space = declaration.lastIndexOf(' ');
        SchemaType type = SchemaType.parse(declaration.substring(0, space));
        Object value = equals < 0
                ? Argument.REQUIRED
                : defaultValue(type, text.substring(equals + 1).strip());
        return new Argument(declaration.substring(space + 1), type, value);
    }

    /** Parses a result's type, which a name may follow. */
    private static SchemaType result(String text) {
        String withoutAliases = text.replaceAll("\\([^)]*\\)", "").strip();
        int space = withoutAliases.indexOf(' ');
        return SchemaType.parse(space < 0 ? withoutAliases : withoutAliases.substring(0, space));
    }

    private static Object defaultValue(SchemaType type, String text) {
        return switch (text) {
            case "None" -> null;
            case "True" -> true;
            case "False" -> false;
            case "Mean" -> 1L;
            case "[]" -> new long[0];
            default ->
                switch (type.base()) {
                    case INTEGER -> Long.parseLong(text);
                    case FLOAT -> Double.parseDouble(text);
                    case TENSOR, BOOLEAN, DTYPE, LAYOUT, MEMORY_FORMAT, DEVICE, STRING, GENERATOR -> Argument.REQUIRED;
                };
        };
    }

    /** Splits at commas outside brackets. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int index = 0; index <= text.length(); index++) {
            char character = index == text.length() ? ',' : text.charAt(index);
            if (character == '(' || character == '[') {
                depth++;
            } else if (character == ')' || character == ']') {
                depth--;
            } else if (character == ',' && (depth == 0 || index == text.length())) {
                String part = text.substring(start, index).strip();
                if (!part.isEmpty()) {
                    parts.add(part);
                }
                start = index + 1;
            }
        }
        return parts;
    }
}
