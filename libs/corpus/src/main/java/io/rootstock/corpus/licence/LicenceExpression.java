package io.rootstock.corpus.licence;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An SPDX licence expression: identifiers with AND, OR, WITH and parentheses (SPDX specification 2.3, annex D,
 * https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/). AND binds more closely than OR.
 */
final class LicenceExpression {
    private static final int MAX_LENGTH = 1000;

    private final List<String> tokens;
    private int next;

    private LicenceExpression(List<String> tokens) {
        this.tokens = tokens;
    }

    /** Decides about one identifier, in lower case, with its exception ("gpl-2.0-only with classpath-exception-2.0"). */
    interface Rule {
        Verdict judge(String licence);
    }

    /** Decision about a licence; OR takes the best of its sides, AND the worst. */
    enum Verdict {
        DENIED,
        UNKNOWN,
        ALLOWED
    }

    /** Judges an expression; one that cannot be parsed is unknown. */
    static Verdict judge(String expression, Rule rule) {
        if (expression.length() > MAX_LENGTH) {
            return Verdict.UNKNOWN;
        }
        String spaced = expression.toLowerCase(Locale.ROOT).replace("(", " ( ").replace(")", " ) ");
        List<String> tokens = new ArrayList<>();
        for (String token : spaced.split("\\s+", -1)) {
            if (!token.isEmpty()) {
                tokens.add(token);
            }
        }
        LicenceExpression parser = new LicenceExpression(tokens);
        Verdict verdict = parser.readOr(rule);
        return verdict != null && parser.next == tokens.size() ? verdict : Verdict.UNKNOWN;
    }

    /** Returns null where the syntax is wrong, as do the other reading methods. */
    private Verdict readOr(Rule rule) {
        Verdict verdict = readAnd(rule);
        while (verdict != null && accept("or")) {
            Verdict other = readAnd(rule);
            verdict = other == null ? null : verdict.compareTo(other) >= 0 ? verdict : other;
        }
        return verdict;
    }

    private Verdict readAnd(Rule rule) {
        Verdict verdict = readTerm(rule);
        while (verdict != null && accept("and")) {
            Verdict other = readTerm(rule);
            verdict = other == null ? null : verdict.compareTo(other) <= 0 ? verdict : other;
        }
        return verdict;
    }

    private Verdict readTerm(Rule rule) {
        if (accept("(")) {
            Verdict verdict = readOr(rule);
            return accept(")") ? verdict : null;
        }
        String licence = readName();
        if (licence == null) {
            return null;
        }
        if (!accept("with")) {
            return rule.judge(licence);
        }
        String exception = readName();
        return exception == null ? null : rule.judge(licence + " with " + exception);
    }

    private String readName() {
        boolean name = next < tokens.size() && tokens.get(next).matches("[a-z0-9.+:-]+") && !isWord(tokens.get(next));
        return name ? tokens.get(next++) : null;
    }

    private static boolean isWord(String token) {
        return token.equals("and") || token.equals("or") || token.equals("with");
    }

    private boolean accept(String token) {
        boolean accepted = next < tokens.size() && tokens.get(next).equals(token);
        next += accepted ? 1 : 0;
        return accepted;
    }
}
