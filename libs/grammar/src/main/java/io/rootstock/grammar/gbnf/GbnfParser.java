package io.rootstock.grammar.gbnf;

import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.regex.CodePoints;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parses GBNF as llama.cpp v0.4 does, and rejects input that llama.cpp would misread silently. */
final class GbnfParser {
    private static final int MAX_COUNT = 1999;
    private static final int MAX_GROUP_DEPTH = 100;

    private final int[] text;
    private int position;
    private int depth;

    private GbnfParser(String text) {
        this.text = text.codePoints().toArray();
    }

    static Gbnf parse(String text) {
        return new GbnfParser(text).grammar();
    }

    private Gbnf grammar() {
        Map<String, List<List<Gbnf.Part>>> rules = new LinkedHashMap<>();
        space(true);
        while (position < text.length) {
            String name = name();
            space(false);
            for (char c : "::=".toCharArray()) {
                if (!take(c)) {
                    throw refused("expected ::= after the rule name " + name);
                }
            }
            space(true);
            if (rules.put(name, alternatives(false)) != null) {
                throw refused("the rule " + name + " is there twice");
            }
            if (position < text.length && peek() != '\n' && peek() != '\r') {
                throw refused("expected the end of the rule " + name);
            }
            space(true);
        }
        return new Gbnf(rules);
    }

    private List<List<Gbnf.Part>> alternatives(boolean nested) {
        List<List<Gbnf.Part>> alternatives = new ArrayList<>();
        alternatives.add(sequence(nested));
        while (position < text.length && peek() == '|') {
            position++;
            space(true);
            alternatives.add(sequence(nested));
        }
        return alternatives;
    }

    private List<Gbnf.Part> sequence(boolean nested) {
        List<Gbnf.Part> parts = new ArrayList<>();
        while (position < text.length) {
            int c = peek();
            if (c == '*' || c == '+' || c == '?' || c == '{') {
                if (parts.isEmpty()) {
                    throw refused("expected something before " + Character.toString(c));
                }
                parts.add(counted(parts.removeLast(), nested));
                continue;
            }
            Gbnf.Part part = part(c);
            if (part == null) {
                break;
            }
            // Drop empty literals; a repetition of one would have no body.
            boolean empty =
                    part instanceof Gbnf.Literal literal && literal.codePoints().isEmpty();
            space(nested);
            if (!empty) {
                parts.add(part);
            } else if (position < text.length && "*+?{".indexOf(peek()) >= 0) {
                throw refused("a count of the empty text");
            }
        }
        return parts;
    }

    private Gbnf.Part part(int c) {
        if (c == '"') {
            return literal();
        }
        if (c == '[') {
            return characters();
        }
        if (c == '<' || c == '!') {
            return token();
        }
        if (c == '(') {
            return group();
        }
        if (c == '.') {
            position++;
            return new Gbnf.Characters(List.of(new CodePoints.Range(0, 0x10FFFF)), false);
        }
        return isWord(c) ? new Gbnf.Reference(name()) : null;
    }

    private Gbnf.Part literal() {
        position++;
        List<Integer> codePoints = new ArrayList<>();
        while (next() != '"') {
            codePoints.add(character());
        }
        position++;
        return new Gbnf.Literal(codePoints);
    }

    private Gbnf.Part characters() {
        position++;
        boolean negated = next() == '^';
        if (negated) {
            position++;
        }
        List<CodePoints.Range> ranges = new ArrayList<>();
        while (next() != ']') {
            int first = character();
            int last = first;
            if (next() == '-' && position + 1 < text.length && text[position + 1] != ']') {
                position++;
                next();
                last = character();
            }
            if (last < first) {
                throw refused("a range that ends before it begins");
            }
            ranges.add(new CodePoints.Range(first, last));
        }
        position++;
        if (ranges.isEmpty()) {
            throw refused("a class without characters");
        }
        return new Gbnf.Characters(ranges, negated);
    }

    private Gbnf.Part token() {
        int start = position;
        take('!');
        if (!take('<')) {
            throw refused("expected < after !");
        }
        while (next() != '>') {
            position++;
        }
        position++;
        return new Gbnf.Token(new String(text, start, position - start));
    }

    private Gbnf.Part group() {
        if (++depth > MAX_GROUP_DEPTH) {
            throw refused("groups can be nested " + MAX_GROUP_DEPTH + " deep");
        }
        position++;
        space(true);
        Gbnf.Group group = new Gbnf.Group(alternatives(true));
        if (!take(')')) {
            throw refused("a ( without its )");
        }
        depth--;
        return group;
    }

    private Gbnf.Part counted(Gbnf.Part body, boolean nested) {
        int c = text[position++];
        space(nested);
        return switch (c) {
            case '*' -> new Gbnf.Repeat(body, 0, -1);
            case '+' -> new Gbnf.Repeat(body, 1, -1);
            case '?' -> new Gbnf.Repeat(body, 0, 1);
            default -> braces(body, nested);
        };
    }

    private Gbnf.Part braces(Gbnf.Part body, boolean nested) {
        int minimum = number();
        int maximum = minimum;
        space(nested);
        if (take(',')) {
            space(nested);
            maximum = -1;
            if (next() != '}') {
                maximum = number();
                space(nested);
            }
        }
        if (!take('}')) {
            throw refused("a count must be {n}, {n,} or {n,m}");
        }
        space(nested);
        if (maximum >= 0 && maximum < minimum) {
            throw refused("a count of at least " + minimum + " and at most " + maximum);
        }
        return new Gbnf.Repeat(body, minimum, maximum);
    }

    private int number() {
        int start = position;
        int value = 0;
        while (position < text.length && peek() >= '0' && peek() <= '9') {
            value = Math.min(value * 10 + (text[position++] - '0'), MAX_COUNT + 1);
        }
        if (position == start) {
            throw refused("a count must be {n}, {n,} or {n,m}");
        }
        if (value > MAX_COUNT) {
            throw refused("counts go up to " + MAX_COUNT);
        }
        return value;
    }

    private int character() {
        int c = text[position++];
        if (c != '\\') {
            return c;
        }
        int escape = next();
        position++;
        return switch (escape) {
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            case 'U' -> hexadecimal(8);
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'n' -> '\n';
            case '\\', '"', '[', ']', '-' -> escape;
            default -> throw refused("the escape \\" + Character.toString(escape) + " is unknown");
        };
    }

    private int hexadecimal(int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = next() < 0x80 ? Character.digit(text[position++], 16) : -1;
            if (digit < 0) {
                throw refused("an escape needs " + digits + " hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        if (value > 0x10FFFF) {
            throw refused("code points end at U+10FFFF");
        }
        return (int) value;
    }

    private String name() {
        int start = position;
        while (position < text.length && isWord(peek())) {
            position++;
        }
        if (position == start) {
            throw refused("expected a rule's name");
        }
        return new String(text, start, position - start);
    }

    private static boolean isWord(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    }

    private void space(boolean lines) {
        while (position < text.length) {
            int c = peek();
            if (c == '#') {
                while (position < text.length && peek() != '\n' && peek() != '\r') {
                    position++;
                }
            } else if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
                position++;
            } else {
                return;
            }
        }
    }

    private int peek() {
        return text[position];
    }

    private int next() {
        if (position >= text.length) {
            throw refused("the grammar ends too early");
        }
        return text[position];
    }

    private boolean take(int c) {
        if (position < text.length && text[position] == c) {
            position++;
            return true;
        }
        return false;
    }

    private UnsupportedConstraintException refused(String reason) {
        long line = java.util.Arrays.stream(text, 0, Math.min(position, text.length))
                        .filter(c -> c == '\n')
                        .count()
                + 1;
        return new UnsupportedConstraintException("grammar", reason + " (in line " + line + ")");
    }
}
