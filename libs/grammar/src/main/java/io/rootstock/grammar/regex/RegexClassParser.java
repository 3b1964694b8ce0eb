package io.rootstock.grammar.regex;

import io.rootstock.grammar.error.UnsupportedConstraintException;

/** Parses a character class in brackets, and escapes of a character or a class. */
final class RegexClassParser {
    private final String where;
    private final int[] pattern;
    private int position;

    RegexClassParser(String where, int[] pattern, int position) {
        this.where = where;
        this.pattern = pattern;
        this.position = position;
    }

    int position() {
        return position;
    }

    /** Parses the class after its opening bracket. */
    CodePoints read() {
        boolean negated = next("a class") == '^';
        if (!negated) {
            position--;
        }
        CodePoints set = CodePoints.NONE;
        boolean any = false;
        for (int c = next("a class"); c != ']'; c = next("a class")) {
            any = true;
            if (c == '[' || (c == '&' && position < pattern.length && pattern[position] == '&')) {
                throw refused("classes within classes are not supported; write \\[ or \\&");
            }
            // A negated class must exclude all characters that either dialect excludes.
            CodePoints first = c == '\\' ? escape(negated) : CodePoints.of(c);
            boolean range = position + 1 < pattern.length && pattern[position] == '-' && pattern[position + 1] != ']';
            if (!range) {
                set = set.plus(first);
                continue;
            }
            position++;
            int end = next("a range");
            CodePoints last = end == '\\' ? escape(negated) : CodePoints.of(end);
            set = set.plus(CodePoints.range(single(first), single(last)));
            if (single(first) > single(last)) {
                throw refused("a range that ends before it begins");
            }
        }
        CodePoints chosen = negated ? set.complement() : set;
        if (!any || chosen.isEmpty()) {
            throw refused("a class that matches nothing");
        }
        return chosen;
    }

    /**
     * Parses the escape after its backslash.
     *
     * @param wide select the larger set if the dialects differ
     */
    CodePoints escape(boolean wide) {
        int c = next("an escape");
        return switch (c) {
            case 'd' -> CodePoints.DIGITS;
            case 'D' -> CodePoints.DIGITS.complement();
            case 'w' -> CodePoints.WORD;
            case 'W' -> CodePoints.WORD.complement();
            case 's' -> wide ? CodePoints.WIDE_SPACE : CodePoints.NARROW_SPACE;
            case 'S' -> (wide ? CodePoints.NARROW_SPACE : CodePoints.WIDE_SPACE).complement();
            case 't' -> CodePoints.of('\t');
            case 'n' -> CodePoints.of('\n');
            case 'r' -> CodePoints.of('\r');
            case 'f' -> CodePoints.of('\f');
            case 'x' -> CodePoints.of(hexadecimal(2));
            case 'u' -> unicode();
            case 'p', 'P' -> property(c == 'P');
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw refused("\\" + Character.toString(c) + " is not supported");
                }
                yield CodePoints.of(c);
            }
        };
    }

    private CodePoints unicode() {
        int first = hexadecimal(4);
        if (Character.isHighSurrogate((char) first)
                && position + 1 < pattern.length
                && pattern[position] == '\\'
                && pattern[position + 1] == 'u') {
            position += 2;
            int second = hexadecimal(4);
            if (Character.isLowSurrogate((char) second)) {
                return CodePoints.of(Character.toCodePoint((char) first, (char) second));
            }
        }
        CodePoints one = CodePoints.of(first);
        if (one.isEmpty()) {
            throw refused("U+0000 and halves of characters cannot be generated");
        }
        return one;
    }

    private CodePoints property(boolean negated) {
        if (next("a property") != '{') {
            throw refused("a property must be written as \\p{L}");
        }
        StringBuilder name = new StringBuilder();
        for (int c = next("a property"); c != '}'; c = next("a property")) {
            name.appendCodePoint(c);
        }
        CodePoints set = UnicodeProperties.of(name.toString())
                .orElseThrow(() -> refused("the property " + name + " is not supported, only general categories are"));
        return negated ? set.complement() : set;
    }

    private int hexadecimal(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(next("an escape"), 16);
            if (digit < 0) {
                throw refused("an escape needs " + digits + " hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        return value;
    }

    private int single(CodePoints set) {
        if (set.ranges().size() != 1
                || set.ranges().getFirst().first() != set.ranges().getFirst().last()) {
            throw refused("a range must be from one character to another");
        }
        return set.ranges().getFirst().first();
    }

    private int next(String what) {
        if (position == pattern.length) {
            throw refused("the expression ends within " + what);
        }
        return pattern[position++];
    }

    private UnsupportedConstraintException refused(String reason) {
        return new UnsupportedConstraintException(where, reason + " (at character " + position + ")");
    }
}
