package io.rootstock.k8s.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Scalars as YAML. */
final class Scalars {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)*");
    private static final Set<String> OTHER_TYPES = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private Scalars() {}

    /** Returns a scalar, or an empty list or object, on one line. */
    static String inline(JsonNode value) {
        if (!value.isTextual()) {
            return value.toString();
        }
        String text = value.asText();
        boolean plain = PLAIN.matcher(text).matches() && !OTHER_TYPES.contains(text.toLowerCase(Locale.ROOT));
        return plain ? text : value.toString();
    }

    /** Whether a text is written as a block of lines. */
    static boolean isBlock(JsonNode value) {
        return value.isTextual()
                && value.asText().indexOf('\n') >= 0
                && !value.asText().startsWith(" ")
                && !value.asText().startsWith("\n")
                && value.asText().chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
    }

    /** Returns the indicator of a block. */
    static String indicator(String text) {
        if (!text.endsWith("\n")) {
            return "|-";
        }
        return text.endsWith("\n\n") ? "|+" : "|";
    }

    /** Returns the indented lines of a block. */
    static List<String> block(String text, int indent) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            lines.add(line.isEmpty() ? "" : " ".repeat(indent) + line);
        }
        if (text.endsWith("\n")) {
            lines.removeLast();
        }
        return lines;
    }
}
