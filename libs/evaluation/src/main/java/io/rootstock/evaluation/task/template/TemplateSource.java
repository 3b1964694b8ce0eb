package io.rootstock.evaluation.task.template;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites a template for the parser of chat templates, which trims newlines after block tags, blanks before them, and
 * the newline at the end. lm-evaluation-harness' environment keeps them all: each tag without a sign gets a plus sign.
 */
final class TemplateSource {
    private static final Pattern OPENING = Pattern.compile("\\{[{%#]");
    private static final Pattern STRING =
            Pattern.compile("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*-?%}");
    private static final Pattern END_RAW = Pattern.compile("\\{%[-+]?\\s*endraw\\s*[-+]?%}");

    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int position;

    private TemplateSource(String source) {
        this.source = source;
    }

    /** Returns the equivalent source for the parser of chat templates. */
    static String keepingWhitespace(String source) {
        TemplateSource rewriting = new TemplateSource(source);
        rewriting.run();
        return rewriting
                .out
                .append(source.endsWith("\n") || source.endsWith("\r") ? "\n" : "")
                .toString();
    }

    private void run() {
        Matcher opening = OPENING.matcher(source);
        while (opening.find(position)) {
            out.append(source, position, opening.start());
            position = opening.start();
            Matcher raw = RAW.matcher(source).region(position, source.length());
            if (raw.lookingAt()) {
                raw(raw);
            } else {
                tag(source.charAt(position + 1));
            }
        }
        out.append(source, position, source.length());
    }

    private void raw(Matcher begin) {
        String tag = begin.group();
        out.append(hasSign(tag.charAt(2)) ? tag : "{%+" + tag.substring(2));
        position = begin.end();
        Matcher end = END_RAW.matcher(source);
        if (!end.find(position)) {
            return; // the parser reports the missing end
        }
        out.append(source, position, end.start());
        String closing = end.group();
        String opened = hasSign(closing.charAt(2)) ? closing : "{%+" + closing.substring(2);
        boolean signed = hasSign(opened.charAt(opened.length() - 3));
        out.append(signed ? opened : opened.substring(0, opened.length() - 2) + "+%}");
        position = end.end();
    }

    private void tag(char kind) {
        String end = kind == '{' ? "}}" : kind + "}";
        int from = position + 2;
        out.append(source, position, from);
        boolean signs = kind != '{';
        if (signs && (from >= source.length() || !hasSign(source.charAt(from)))) {
            out.append('+');
        }
        position = from;
        Matcher string = STRING.matcher(source);
        int depth = 0;
        while (position < source.length()) {
            char c = source.charAt(position);
            if (source.startsWith(end, position) && depth <= 0) {
                if (signs && !hasSign(source.charAt(position - 1))) {
                    out.append('+');
                }
                out.append(end);
                position += end.length();
                return;
            }
            if (kind != '#'
                    && (c == '"' || c == '\'')
                    && string.region(position, source.length()).lookingAt()) {
                out.append(string.group());
                position = string.end();
                continue;
            }
            if (kind != '#') {
                depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
            }
            out.append(c);
            position++;
        }
    }

    private static boolean hasSign(char c) {
        return c == '-' || c == '+';
    }
}
