package io.rootstock.chat.jinja.parser;

import io.rootstock.chat.jinja.parser.Token.Kind;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a template's source into tokens, with Jinja's {@code trim_blocks} and {@code lstrip_blocks}: removes a newline
 * directly after a block tag, and blanks before a tag at the beginning of a line.
 */
final class Lexer {
    private static final Pattern TAG = Pattern.compile("\\{[{%#]");
    private static final Pattern RAW_BEGIN = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-%}\\s*|%})");
    private static final Pattern RAW_END = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(\\+%}|-%}\\s*|%}\\n?)");
    private static final Pattern COMMENT_END = Pattern.compile("(\\+#}|-#}\\s*|#}\\n?)");
    private static final Pattern BLOCK_END = Pattern.compile("\\+%}|-%}\\s*|%}\\n?");
    private static final Pattern OUTPUT_END = Pattern.compile("-}}\\s*|}}");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern NUMBER = Pattern.compile("([0-9][0-9_]*)(\\.[0-9][0-9_]*)?([eE][+-]?[0-9][0-9_]*)?");
    private static final Pattern STRING =
            Pattern.compile("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("\\*\\*|//|==|!=|<=|>=|[-+*/%~<>=.,:|()\\[\\]{};]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String unix = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        Matcher tag = TAG.matcher(source);
        while (tag.find(position)) {
            String data = source.substring(position, tag.start());
            char kind = source.charAt(tag.start() + 1);
            char sign = tag.end() < source.length() ? source.charAt(tag.end()) : ' ';
            data(stripped(data, sign, kind == '{'));
            position = tag.start();
            Matcher raw = at(RAW_BEGIN);
            if (raw.lookingAt()) {
                raw(raw);
            } else {
                position = tag.end() + (sign == '-' || sign == '+' ? 1 : 0);
                switch (kind) {
                    case '#' -> comment();
                    case '%' -> code(Kind.BLOCK_BEGIN, Kind.BLOCK_END, BLOCK_END);
                    default -> code(Kind.OUTPUT_BEGIN, Kind.OUTPUT_END, OUTPUT_END);
                }
            }
            lineStarting = source.charAt(position - 1) == '\n';
        }
        data(source.substring(position));
        position = source.length();
        add(Kind.END, "", position);
    }

    private String stripped(String data, char sign, boolean output) {
        if (sign == '-') {
            return Python.strip(Text.of(data), null, false, true).toString();
        }
        if (sign != '+' && !output) {
            int line = data.lastIndexOf('\n') + 1;
            if ((line > 0 || lineStarting) && data.substring(line).isBlank()) {
                return data.substring(0, line);
            }
        }
        return data;
    }

    private void data(String data) {
        if (!data.isEmpty()) {
            add(Kind.DATA, data, position);
        }
    }

    private void raw(Matcher begin) {
        int from = begin.end();
        Matcher end = RAW_END.matcher(source);
        if (!end.find(from)) {
            throw new JinjaException("raw block without endraw", line(position));
        }
        lineStarting = source.charAt(from - 1) == '\n';
        position = from;
        data(stripped(
                source.substring(from, end.start()),
                end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0),
                false));
        position = end.end();
    }

    private void comment() {
        Matcher end = COMMENT_END.matcher(source);
        if (!end.find(position)) {
            throw new JinjaException("comment without end", line(position));
        }
        position = end.end();
    }

    private void code(Kind begin, Kind end, Pattern ending) {
        add(begin, "", position);
        int depth = 0;
        while (true) {
            Matcher space = at(SPACE);
            if (space.lookingAt()) {
                position = space.end();
            }
            if (position >= source.length()) {
                throw new JinjaException("a tag is not closed", line(position));
            }
            Matcher ends = at(ending);
            if (depth == 0 && ends.lookingAt()) {
                add(end, "", position);
                position = ends.end();
                return;
            }
            depth += token();
        }
    }

    /** Reads one token; returns the change of the bracket depth. */
    private int token() {
        Matcher name = at(NAME);
        Matcher number = at(NUMBER);
        Matcher string = at(STRING);
        Matcher operator = at(OPERATOR);
        if (name.lookingAt()) {
            take(Kind.NAME, name.group(), name.end());
        } else if (number.lookingAt()) {
            boolean whole = number.group(2) == null && number.group(3) == null;
            take(whole ? Kind.INTEGER : Kind.FLOAT, number.group().replace("_", ""), number.end());
        } else if (string.lookingAt()) {
            take(Kind.STRING, unescaped(string.group()), string.end());
        } else if (operator.lookingAt()) {
            take(Kind.OPERATOR, operator.group(), operator.end());
            return switch (operator.group()) {
                case "(", "[", "{" -> 1;
                case ")", "]", "}" -> -1;
                default -> 0;
            };
        } else {
            throw new JinjaException("unexpected character '" + source.charAt(position) + "'", line(position));
        }
        return 0;
    }

    private void take(Kind kind, String text, int end) {
        add(kind, text, position);
        position = end;
    }

    private static String unescaped(String literal) {
        StringBuilder value = new StringBuilder();
        for (int i = 1; i < literal.length() - 1; i++) {
            char c = literal.charAt(i);
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char escape = literal.charAt(++i);
            switch (escape) {
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case 'a' -> value.append('\u0007');
                case 'v' -> value.append('\u000B');
                case '0' -> value.append('\0');
                case '\n' -> {}
                case '\\', '\'', '"' -> value.append(escape);
                case 'x' -> i = codePoint(literal, i, 2, value);
                case 'u' -> i = codePoint(literal, i, 4, value);
                case 'U' -> i = codePoint(literal, i, 8, value);
                default -> value.append('\\').append(escape);
            }
        }
        return value.toString();
    }

    private static int codePoint(String literal, int at, int digits, StringBuilder value) {
        try {
            value.appendCodePoint(Integer.parseInt(literal.substring(at + 1, at + 1 + digits), 16));
        } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
            throw new JinjaException("a string has a bad escape \\" + literal.charAt(at));
        }
        return at + digits;
    }

    private Matcher at(Pattern pattern) {
        return pattern.matcher(source).region(position, source.length());
    }

    private void add(Kind kind, String text, int where) {
        tokens.add(new Token(kind, text, line(where)));
    }

    private int countedTo;
    private int countedLines = 1;

    /** Returns the line of a position; positions of successive calls must not decrease. */
    private int line(int where) {
        for (; countedTo < Math.min(where, source.length()); countedTo++) {
            if (source.charAt(countedTo) == '\n') {
                countedLines++;
            }
        }
        return countedLines;
    }
}
