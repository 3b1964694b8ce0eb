package io.rootstock.grammar.gbnf;

import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.regex.CodePoints;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the rules of a grammar and formats their parts. */
public final class GrammarRules {
    public static final String ROOT = "root";
    public static final int MAX_COUNT = 100_000;

    /** llama.cpp rejects a count of 2000 and treats a larger maximum as unbounded. */
    private static final int CHUNK = 1000;

    public static final int MAX_RULES = 20_000;
    public static final int MAX_LENGTH = 2_000_000;

    private final Map<String, String> rules = new LinkedHashMap<>();
    private int length;
    private int names;

    /** Returns an unused rule name. */
    public String fresh(String hint) {
        return hint + "-" + names++;
    }

    public boolean has(String name) {
        return rules.containsKey(name);
    }

    /** Declares a rule before its definition, so that it can be recursive. */
    public void reserve(String name) {
        rules.putIfAbsent(name, "");
    }

    /** Defines a rule; returns its name. */
    public String define(String name, String body) {
        rules.put(name, body);
        length += name.length() + body.length() + 6;
        if (rules.size() > MAX_RULES || length > MAX_LENGTH) {
            throw new UnsupportedConstraintException(
                    "", "the grammar would be larger than " + MAX_RULES + " rules or " + MAX_LENGTH + " characters");
        }
        return name;
    }

    /** Defines a rule under an unused name; returns the name. */
    public String rule(String hint, String body) {
        return define(fresh(hint), body);
    }

    /** The text of the grammar, the root rule first. */
    public String text() {
        StringBuilder text = new StringBuilder(length + 16);
        text.append(ROOT).append(" ::= ").append(rules.get(ROOT)).append('\n');
        rules.forEach((name, body) -> {
            if (!name.equals(ROOT)) {
                text.append(name).append(" ::= ").append(body).append('\n');
            }
        });
        return text.toString();
    }

    /**
     * Repeats a rule. Counts above 1000 use rules of 1000 repetitions each, because llama.cpp limits counts and their
     * cost.
     *
     * @param rule name of the rule
     * @param maximum -1 for unbounded
     */
    public String repeated(String rule, int minimum, int maximum) {
        StringBuilder body = new StringBuilder();
        int rest = minimum;
        if (rest > CHUNK) {
            String thousand = thousand(rule);
            body.append(thousand).append('{').append(rest / CHUNK).append("} ");
            rest %= CHUNK;
        }
        if (maximum < 0) {
            if (rest > 0) {
                body.append(rule).append('{').append(rest).append("} ");
            }
            return body.append(rule).append('*').toString();
        }
        int more = maximum - minimum;
        if (more <= CHUNK - 1) {
            return rest + more == 0
                    ? body.isEmpty() ? "\"\"" : body.toString().strip()
                    : body.append(rule)
                            .append('{')
                            .append(rest)
                            .append(',')
                            .append(rest + more)
                            .append('}')
                            .toString();
        }
        if (rest > 0) {
            body.append(rule).append('{').append(rest).append("} ");
        }
        return body.append(upTo(rule, more)).toString();
    }

    /**
     * At most {@code most} repetitions: either 1000 followed by at most the rest, or fewer than 1000, so that the two
     * are disjoint.
     */
    private String upTo(String rule, int most) {
        String name = rule + "-upto-" + most;
        if (rules.containsKey(name)) {
            return name;
        }
        if (most < CHUNK) {
            return define(name, rule + "{0," + most + "}");
        }
        String fewer = upTo(rule, CHUNK - 1);
        // Bottom-up, so that a long chain needs no recursion.
        String rest = upTo(rule, most % CHUNK);
        for (int reached = most % CHUNK + CHUNK; reached <= most; reached += CHUNK) {
            String each = rule + "-upto-" + reached;
            if (!rules.containsKey(each)) {
                define(each, thousand(rule) + " " + rest + " | " + fewer);
            }
            rest = each;
        }
        return name;
    }

    private String thousand(String rule) {
        String name = rule + "-thousand";
        return rules.containsKey(name) ? name : define(name, rule + "{" + CHUNK + "}");
    }

    /** A GBNF literal of this text, quoted and escaped. */
    public static String literal(String text) {
        StringBuilder literal = new StringBuilder("\"");
        text.codePoints().forEach(codePoint -> {
            switch (codePoint) {
                case '"' -> literal.append("\\\"");
                case '\\' -> literal.append("\\\\");
                default -> literal.append(plain(codePoint));
            }
        });
        return literal.append('"').toString();
    }

    /** A character class. */
    public static String characters(CodePoints set) {
        StringBuilder characters = new StringBuilder("[");
        for (CodePoints.Range range : set.ranges()) {
            characters.append(member(range.first()));
            if (range.last() > range.first()) {
                characters.append('-').append(member(range.last()));
            }
        }
        return characters.append(']').toString();
    }

    private static String member(int codePoint) {
        return codePoint < 0x80 && Character.isLetterOrDigit(codePoint)
                ? Character.toString(codePoint)
                : codePoint < 0x100 ? "\\x%02X".formatted(codePoint) : wide(codePoint);
    }

    private static String plain(int codePoint) {
        return codePoint >= 0x20 && codePoint < 0x7F
                ? Character.toString(codePoint)
                : codePoint < 0x100 ? "\\x%02X".formatted(codePoint) : wide(codePoint);
    }

    private static String wide(int codePoint) {
        return codePoint < 0x10000 ? "\\u%04X".formatted(codePoint) : "\\U%08X".formatted(codePoint);
    }
}
