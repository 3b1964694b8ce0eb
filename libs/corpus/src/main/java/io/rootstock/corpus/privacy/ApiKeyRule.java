package io.rootstock.corpus.privacy;

/**
 * Keys and tokens with a known prefix, as their issuers document them: AWS access key ids (AKIA, ASIA), GitHub tokens
 * (ghp_, gho_, ghu_, ghs_, ghr_, github_pat_), Google keys (AIza), OpenAI and Anthropic keys (sk-), Slack tokens (xoxb-
 * and the like), Stripe keys (sk_live_, sk_test_, rk_live_).
 *
 * <p>A key must not be part of a longer word. Those after "sk-" must have lower-case and upper-case letters and digits,
 * since style sheets have such names too.
 */
final class ApiKeyRule {
    private static final int MAX_LENGTH = 300;

    private ApiKeyRule() {}

    /** Finds the key whose prefix ends with the '-' at an offset. */
    static long findAtHyphen(byte[] utf8, int floor, int hyphen) {
        int last = ByteClass.at(utf8, hyphen - 1);
        if (last == 'k' && ByteClass.at(utf8, hyphen - 2) == 's') {
            long span = token(utf8, floor, hyphen - 2, hyphen + 1, ByteClass.TOKEN, 20, MAX_LENGTH);
            return span != Span.NONE && isMixed(utf8, hyphen + 1, Span.end(span)) ? span : Span.NONE;
        }
        if (ByteClass.has(utf8, hyphen - 4, "xox")
                && "abeoprs".indexOf(last) >= 0
                && ByteClass.is(utf8, hyphen + 1, ByteClass.ALPHANUMERIC)) {
            long span = token(utf8, floor, hyphen - 4, hyphen + 1, ByteClass.TOKEN, 15, MAX_LENGTH);
            return span != Span.NONE && hasDigit(utf8, hyphen + 1, Span.end(span)) ? span : Span.NONE;
        }
        return Span.NONE;
    }

    /** Finds the key whose prefix has its last or only '_' at an offset. */
    static long findAtUnderscore(byte[] utf8, int floor, int underscore) {
        int last = ByteClass.at(utf8, underscore - 1);
        if (ByteClass.has(utf8, underscore - 3, "gh") && "pousr".indexOf(last) >= 0) {
            return token(utf8, floor, underscore - 3, underscore + 1, ByteClass.ALPHANUMERIC, 36, 255);
        }
        if (last == 't' && ByteClass.has(utf8, underscore - 10, "github_pat_")) {
            return token(
                    utf8, floor, underscore - 10, underscore + 1, ByteClass.ALPHANUMERIC | ByteClass.TOKEN, 22, 255);
        }
        boolean stripe = (last == 'e' || last == 't')
                && (ByteClass.has(utf8, underscore - 7, "sk_live_")
                        || ByteClass.has(utf8, underscore - 7, "sk_test_")
                        || ByteClass.has(utf8, underscore - 7, "rk_live_"));
        return stripe ? token(utf8, floor, underscore - 7, underscore + 1, ByteClass.ALPHANUMERIC, 16, 255) : Span.NONE;
    }

    /** Finds the AWS or Google key whose prefix has its 'I' at an offset. */
    static long findAtUpperI(byte[] utf8, int floor, int letter) {
        if (ByteClass.at(utf8, letter + 1) == 'z') {
            return ByteClass.has(utf8, letter - 1, "AIza")
                    ? token(utf8, floor, letter - 1, letter + 3, ByteClass.TOKEN, 35, 35)
                    : Span.NONE;
        }
        if (!ByteClass.has(utf8, letter - 2, "AKIA") && !ByteClass.has(utf8, letter - 2, "ASIA")) {
            return Span.NONE;
        }
        return token(utf8, floor, letter - 2, letter + 2, ByteClass.UPPER | ByteClass.DIGIT, 16, 16);
    }

    /** Returns the token of a prefix and a run of a class with a number of bytes; nothing may join at either side. */
    private static long token(byte[] utf8, int floor, int start, int from, int classes, int least, int most) {
        if (start < floor || ByteClass.is(utf8, start - 1, ByteClass.TOKEN)) {
            return Span.NONE;
        }
        int end = ByteClass.end(utf8, from, classes, most + 1);
        boolean ends = end - from >= least && end - from <= most && !ByteClass.is(utf8, end, ByteClass.ALPHANUMERIC);
        return ends ? Span.of(start, end) : Span.NONE;
    }

    private static boolean isMixed(byte[] utf8, int from, int to) {
        return hasDigit(utf8, from, to) && has(utf8, from, to, ByteClass.LOWER) && has(utf8, from, to, ByteClass.UPPER);
    }

    private static boolean hasDigit(byte[] utf8, int from, int to) {
        return has(utf8, from, to, ByteClass.DIGIT);
    }

    private static boolean has(byte[] utf8, int from, int to, int classes) {
        for (int at = from; at < to; at++) {
            if (ByteClass.is(utf8, at, classes)) {
                return true;
            }
        }
        return false;
    }
}
