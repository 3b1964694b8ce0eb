package io.rootstock.evaluation.task.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads lists of strings and integers as Python's {@code ast.literal_eval}. */
public final class PythonLiteral {
    private final String text;
    private int position;

    private PythonLiteral(String text) {
        this.text = text;
    }

    /** Returns the list of Strings and Longs that a text states; empty if it is not such a list. */
    public static Optional<List<Object>> list(String text) {
        PythonLiteral literal = new PythonLiteral(text.strip());
        return literal.list().filter(_ -> literal.position == literal.text.length());
    }

    private Optional<List<Object>> list() {
        if (!skip('[') && !skip('(')) {
            return Optional.empty();
        }
        char end = text.charAt(position - 1) == '[' ? ']' : ')';
        List<Object> items = new ArrayList<>();
        skipSpace();
        while (!skip(end)) {
            Optional<Object> item = item();
            if (item.isEmpty()) {
                return Optional.empty();
            }
            items.add(item.get());
            skipSpace();
            if (!skip(',') && (position >= text.length() || text.charAt(position) != end)) {
                return Optional.empty();
            }
            skipSpace();
        }
        // Parentheses around one value without a comma are not a tuple.
        return end == ')' && items.size() == 1 ? Optional.empty() : Optional.of(items);
    }

    private Optional<Object> item() {
        if (position >= text.length()) {
            return Optional.empty();
        }
        char c = text.charAt(position);
        if (c == '\'' || c == '"') {
            StringBuilder joined = new StringBuilder();
            // Adjacent strings are one string.
            while (position < text.length() && (text.charAt(position) == '\'' || text.charAt(position) == '"')) {
                if (!string(joined)) {
                    return Optional.empty();
                }
                skipSpace();
            }
            return Optional.of(joined.toString());
        }
        int start = position;
        if (c == '-' || c == '+') {
            position++;
        }
        while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
            position++;
        }
        String digits = text.substring(start, position);
        return digits.matches("[-+]?(0|[1-9][0-9]{0,17})") ? Optional.of(Long.valueOf(digits)) : Optional.empty();
    }

    private boolean string(StringBuilder out) {
        char quote = text.charAt(position++);
        if (text.startsWith("" + quote + quote, position)) {
            return false; // triple quotes
        }
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == quote) {
                return true;
            }
            if (c == '\n') {
                return false;
            }
            if (c != '\\') {
                out.append(c);
            } else if (position >= text.length() || !escape(text.charAt(position++), out)) {
                return false;
            }
        }
        return false;
    }

    private boolean escape(char c, StringBuilder out) {
        switch (c) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'v' -> out.append('\u000B');
            case 'a' -> out.append('\u0007');
            case '\\', '\'', '"' -> out.append(c);
            case '\n' -> {}
            case 'x' -> {
                return codePoint(2, out);
            }
            case 'u' -> {
                return codePoint(4, out);
            }
            case 'U' -> {
                return codePoint(8, out);
            }
            default -> out.append('\\').append(c);
        }
        return true;
    }

    private boolean codePoint(int digits, StringBuilder out) {
        try {
            out.appendCodePoint(Integer.parseInt(text.substring(position, position + digits), 16));
            position += digits;
            return true;
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            return false;
        }
    }

    private boolean skip(char c) {
        if (position < text.length() && text.charAt(position) == c) {
            position++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (position < text.length() && " \t\n\r\f".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }
}
