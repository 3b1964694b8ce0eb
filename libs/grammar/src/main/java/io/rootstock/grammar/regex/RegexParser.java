package io.rootstock.grammar.regex;

import io.rootstock.grammar.error.UnsupportedConstraintException;
import java.util.ArrayList;
import java.util.List;

/**
 * Parses the regular expressions common to Java and ECMAScript: characters, classes, groups, alternatives and counts.
 * Lookaround, back references and flags are rejected. If a class differs between the two, the intersection is used.
 */
public final class RegexParser {
    public static final int MAX_PATTERN_LENGTH = 4096;
    public static final int MAX_COUNT = 1000;
    private static final int MAX_GROUP_DEPTH = 100;

    private final String where;
    private final int[] pattern;
    private int position;
    private int depth;

    private RegexParser(String where, String pattern) {
        this.where = where;
        this.pattern = pattern.codePoints().toArray();
    }

    /** Parses an expression that must match the whole text; anchors at its ends have no effect. */
    public static Regex whole(String where, String pattern) {
        return new RegexParser(where, checked(where, pattern)).top(false);
    }

    /** Parses an expression that may match anywhere in the text, as in JSON Schema. */
    public static Regex found(String where, String pattern) {
        return new RegexParser(where, checked(where, pattern)).top(true);
    }

    private static String checked(String where, String pattern) {
        if (pattern.length() > MAX_PATTERN_LENGTH) {
            throw new UnsupportedConstraintException(
                    where, "the expression is longer than " + MAX_PATTERN_LENGTH + " characters");
        }
        return pattern;
    }

    private Regex top(boolean anywhere) {
        List<Regex> branches = new ArrayList<>();
        do {
            boolean begins = take('^');
            Regex branch = sequence();
            boolean ends = take('$');
            branches.add(
                    anywhere
                            ? Regex.sequence(
                                    begins ? Regex.text("") : Regex.ANYTHING,
                                    branch,
                                    ends ? Regex.text("") : Regex.ANYTHING)
                            : branch);
        } while (take('|'));
        if (position < pattern.length) {
            throw peek() == ')'
                    ? refused("a ) without its (")
                    : refused("anchors can only be at the ends of the expression or of its top alternatives");
        }
        return branches.size() == 1 ? branches.getFirst() : new Regex.Choice(branches);
    }

    private Regex alternatives() {
        List<Regex> branches = new ArrayList<>();
        do {
            branches.add(sequence());
        } while (take('|'));
        return branches.size() == 1 ? branches.getFirst() : new Regex.Choice(branches);
    }

    private Regex sequence() {
        List<Regex> parts = new ArrayList<>();
        while (position < pattern.length && peek() != '|' && peek() != ')' && peek() != '$') {
            parts.add(counted(atom()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Regex.Sequence(parts);
    }

    private Regex counted(Regex body) {
        if (position == pattern.length) {
            return body;
        }
        Regex counted;
        if (take('*')) {
            counted = new Regex.Repeat(body, 0, Regex.Repeat.UNBOUNDED);
        } else if (take('+')) {
            counted = new Regex.Repeat(body, 1, Regex.Repeat.UNBOUNDED);
        } else if (take('?')) {
            counted = new Regex.Repeat(body, 0, 1);
        } else if (take('{')) {
            counted = braces(body);
        } else {
            return body;
        }
        // Lazy quantifiers match the same whole texts.
        take('?');
        if (position < pattern.length && "*+?{".indexOf(peek()) >= 0) {
            throw refused(peek() == '+' ? "possessive counts are not supported" : "a count of a count");
        }
        return counted;
    }

    private Regex braces(Regex body) {
        int minimum = number();
        int maximum = minimum;
        if (take(',')) {
            maximum = position < pattern.length && peek() != '}' ? number() : Regex.Repeat.UNBOUNDED;
        }
        if (!take('}')) {
            throw refused("a count must be {n}, {n,} or {n,m}");
        }
        if (maximum != Regex.Repeat.UNBOUNDED && maximum < minimum) {
            throw refused("a count of at least " + minimum + " and at most " + maximum);
        }
        return new Regex.Repeat(body, minimum, maximum);
    }

    private int number() {
        int start = position;
        int value = 0;
        while (position < pattern.length && peek() >= '0' && peek() <= '9') {
            value = Math.min(value * 10 + (pattern[position++] - '0'), MAX_COUNT + 1);
        }
        if (position == start) {
            throw refused("a count must be {n}, {n,} or {n,m}");
        }
        if (value > MAX_COUNT) {
            throw refused("counts go up to " + MAX_COUNT);
        }
        return value;
    }

    private Regex atom() {
        int c = pattern[position++];
        return switch (c) {
            case '.' -> new Regex.Chars(CodePoints.DOT);
            case '(' -> group();
            case '[' -> {
                RegexClassParser classes = new RegexClassParser(where, pattern, position);
                CodePoints set = classes.read();
                position = classes.position();
                yield new Regex.Chars(set);
            }
            case '\\' -> {
                RegexClassParser escapes = new RegexClassParser(where, pattern, position);
                CodePoints set = escapes.escape(false);
                position = escapes.position();
                yield new Regex.Chars(set);
            }
            case '^' -> {
                position--;
                throw refused("anchors can only be at the ends of the expression or of its top alternatives");
            }
            case '*', '+', '?', '{', '}', ']' -> {
                position--;
                throw refused("'" + Character.toString(c) + "' must be written as \\" + Character.toString(c));
            }
            default -> new Regex.Chars(CodePoints.of(c));
        };
    }

    private Regex group() {
        if (++depth > MAX_GROUP_DEPTH) {
            throw refused("groups can be nested " + MAX_GROUP_DEPTH + " deep");
        }
        if (take('?') && !take(':')) {
            if (take('<') && position < pattern.length && Character.isLetter(peek())) {
                while (position < pattern.length && Character.isLetterOrDigit(peek())) {
                    position++;
                }
                if (!take('>')) {
                    throw refused("a group's name must end with >");
                }
            } else {
                throw refused("groups that look around or set flags are not supported");
            }
        }
        Regex inside = alternatives();
        if (!take(')')) {
            throw position < pattern.length
                    ? refused("anchors can only be at the ends of the expression or of its top alternatives")
                    : refused("a ( without its )");
        }
        depth--;
        return inside;
    }

    private int peek() {
        return pattern[position];
    }

    private boolean take(int c) {
        if (position < pattern.length && pattern[position] == c) {
            position++;
            return true;
        }
        return false;
    }

    private UnsupportedConstraintException refused(String reason) {
        return new UnsupportedConstraintException(where, reason + " (at character " + (position + 1) + ")");
    }
}
