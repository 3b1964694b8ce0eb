package io.rootstock.chat.jinja.value;

import java.util.ArrayList;
import java.util.List;

/** Python's {@code str.split}, {@code rsplit}, {@code splitlines}, {@code partition} and {@code rpartition}. */
public final class Splits {
    private Splits() {}

    public static List<Object> split(Text text, String separator, long most) {
        if (separator == null) {
            return words(text, most);
        }
        requireSeparator(separator);
        List<Object> parts = new ArrayList<>();
        String flat = text.toString();
        int start = 0;
        for (int at = text.indexOf(separator, 0);
                at >= 0 && (most < 0 || parts.size() < most);
                at = text.indexOf(separator, start)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start, flat.length()));
        return parts;
    }

    public static List<Object> fromRight(Text text, String separator, long most) {
        if (most < 0 || separator == null) {
            return split(text, separator, most);
        }
        requireSeparator(separator);
        List<Object> parts = new ArrayList<>();
        int end = text.length();
        for (int at = text.lastIndexOf(separator, end);
                at >= 0 && parts.size() < most;
                at = text.lastIndexOf(separator, end - separator.length())) {
            parts.add(text.substring(at + separator.length(), end));
            end = at;
        }
        parts.add(text.substring(0, end));
        return parts.reversed();
    }

    private static List<Object> words(Text text, long most) {
        List<Object> words = new ArrayList<>();
        String flat = text.toString();
        int end = 0;
        while (true) {
            int start = end;
            while (start < flat.length() && Python.isSpace(flat.charAt(start))) {
                start++;
            }
            if (start == flat.length()) {
                return words;
            }
            if (most >= 0 && words.size() >= most) {
                words.add(Python.strip(text.substring(start, flat.length()), null, false, true));
                return words;
            }
            end = start;
            while (end < flat.length() && !Python.isSpace(flat.charAt(end))) {
                end++;
            }
            words.add(text.substring(start, end));
        }
    }

    public static List<Object> lines(Text text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        String flat = text.toString();
        int start = 0;
        for (int i = 0; i < flat.length(); i++) {
            char c = flat.charAt(i);
            if (c == '\n'
                    || c == '\r'
                    || c == 0x0b
                    || c == 0x0c
                    || (c >= 0x1c && c <= 0x1e)
                    || c == 0x85
                    || c == 0x2028
                    || c == 0x2029) {
                int next = c == '\r' && i + 1 < flat.length() && flat.charAt(i + 1) == '\n' ? i + 2 : i + 1;
                lines.add(text.substring(start, keepEnds ? next : i));
                start = next;
                i = next - 1;
            }
        }
        if (start < flat.length()) {
            lines.add(text.substring(start, flat.length()));
        }
        return lines;
    }

    public static List<Object> partition(Text text, String separator, boolean fromRight) {
        requireSeparator(separator);
        String flat = text.toString();
        int at = fromRight ? text.lastIndexOf(separator, flat.length()) : text.indexOf(separator, 0);
        if (at < 0) {
            return fromRight ? List.of(Text.EMPTY, Text.EMPTY, text) : List.of(text, Text.EMPTY, Text.EMPTY);
        }
        int end = at + separator.length();
        return List.of(text.substring(0, at), text.substring(at, end), text.substring(end, flat.length()));
    }

    private static void requireSeparator(String separator) {
        if (separator.isEmpty()) {
            throw new JinjaException("empty separator");
        }
    }
}
