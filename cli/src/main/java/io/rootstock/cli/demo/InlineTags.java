package io.rootstock.cli.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Renders the inline tags of a comment as HTML: links as their labels, code as its text. */
final class InlineTags {
    private static final Pattern REFERENCE_AND_LABEL =
            Pattern.compile("(\\S+?(?:\\([^)]*\\))?)(?:\\s+(.+))?", Pattern.DOTALL);

    private InlineTags() {}

    static String replace(String html) {
        StringBuilder out = new StringBuilder(html.length());
        int from = 0;
        while (from < html.length()) {
            int open = html.indexOf("{@", from);
            if (open < 0) {
                break;
            }
            out.append(html, from, open);
            int close = close(html, open);
            if (close < 0) {
                // An unclosed tag is kept as text.
                from = open + 2;
                continue;
            }
            out.append(render(html.substring(open + 2, close)));
            from = close + 1;
        }
        return out.append(html, from, html.length()).toString();
    }

    /** Index of the brace that closes the one at {@code open}, or -1. */
    private static int close(String html, int open) {
        int depth = 0;
        for (int i = open; i < html.length(); i++) {
            char c = html.charAt(i);
            if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth--;
                if (depth == 0) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static String render(String tag) {
        int end = 0;
        while (end < tag.length() && Character.isLetter(tag.charAt(end))) {
            end++;
        }
        String content = tag.substring(end).strip();
        return switch (tag.substring(0, end)) {
            case "code", "literal" -> escape(content);
            case "link", "linkplain" -> label(content);
            case "return" -> "Returns " + replace(content) + ".";
            case "summary" -> replace(content);
            case "index", "systemProperty" -> escape(content.startsWith("\"") ? quoted(content) : firstWord(content));
            // Tags without text of their own: inheritDoc, value, docRoot, snippet.
            default -> "";
        };
    }

    private static String label(String content) {
        Matcher matcher = REFERENCE_AND_LABEL.matcher(content);
        if (!matcher.matches()) {
            return escape(content);
        }
        if (matcher.group(2) != null) {
            return replace(matcher.group(2));
        }
        String reference = matcher.group(1);
        String bare = reference.startsWith("#") ? reference.substring(1) : reference;
        return escape(bare.replace('#', '.').replaceFirst("^(?:[a-z][a-z0-9]*\\.)+(?=[A-Z])", ""));
    }

    private static String quoted(String content) {
        int end = content.indexOf('"', 1);
        return end < 0 ? content : content.substring(1, end);
    }

    private static String firstWord(String content) {
        return content.split("\\s+", 2)[0];
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
