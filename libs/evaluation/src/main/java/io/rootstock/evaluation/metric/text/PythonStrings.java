package io.rootstock.evaluation.metric.text;

import java.util.ArrayList;
import java.util.List;

/** {@code str.split()}, {@code str.rstrip()} and {@code str.lower()} of CPython, where Java's own methods differ. */
final class PythonStrings {
    private static final int CAPITAL_SIGMA = 0x3a3;
    private static final int SMALL_SIGMA = 0x3c3;
    private static final int FINAL_SIGMA = 0x3c2;
    private static final int CAPITAL_I_WITH_DOT = 0x130;
    /** Characters with the Unicode property Word_Break of MidLetter, MidNumLet or Single_Quote. */
    private static final String WORD_MIDDLE =
            "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

    private PythonStrings() {}

    /** White space of {@code str.isspace()}: bidirectional class WS, B or S, or category Zs. */
    static boolean isSpace(int codePoint) {
        return switch (codePoint) {
            case ' ', 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000 -> true;
            default ->
                (codePoint >= 0x09 && codePoint <= 0x0d)
                        || (codePoint >= 0x1c && codePoint <= 0x1f)
                        || (codePoint >= 0x2000 && codePoint <= 0x200a);
        };
    }

    /** Returns the words between white space. */
    static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i < text.length(); i++) {
            boolean space = isSpace(text.charAt(i));
            if (!space && start < 0) {
                start = i;
            } else if (space && start >= 0) {
                words.add(text.substring(start, i));
                start = -1;
            }
        }
        if (start >= 0) {
            words.add(text.substring(start));
        }
        return words;
    }

    /** Removes white space at the end. */
    static String stripTrailing(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** Returns the code points as strings. */
    static List<String> characters(String text) {
        return text.codePoints().mapToObj(Character::toString).toList();
    }

    /** Converts to lower case with Unicode's final sigma rule; Java's uses word boundaries in its place. */
    static String lower(String text) {
        int[] codePoints = text.codePoints().toArray();
        StringBuilder lower = new StringBuilder(text.length());
        for (int i = 0; i < codePoints.length; i++) {
            switch (codePoints[i]) {
                case CAPITAL_SIGMA -> lower.appendCodePoint(isFinal(codePoints, i) ? FINAL_SIGMA : SMALL_SIGMA);
                case CAPITAL_I_WITH_DOT -> lower.append("i\u0307");
                default -> lower.appendCodePoint(Character.toLowerCase(codePoints[i]));
            }
        }
        return lower.toString();
    }

    /** The nearest character that is not case-ignorable is cased before the position, and not cased after it. */
    private static boolean isFinal(int[] codePoints, int position) {
        int before = position - 1;
        while (before >= 0 && isCaseIgnorable(codePoints[before])) {
            before--;
        }
        int after = position + 1;
        while (after < codePoints.length && isCaseIgnorable(codePoints[after])) {
            after++;
        }
        return before >= 0
                && isCased(codePoints[before])
                && (after == codePoints.length || !isCased(codePoints[after]));
    }

    private static boolean isCased(int codePoint) {
        return Character.isLowerCase(codePoint) || Character.isUpperCase(codePoint) || Character.isTitleCase(codePoint);
    }

    private static boolean isCaseIgnorable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default -> WORD_MIDDLE.indexOf(codePoint) >= 0;
        };
    }
}
