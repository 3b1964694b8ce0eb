package io.rootstock.corpus.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Words, lines and lengths of a string by plain loops and regular expressions: the reference of {@link DocumentScan}. */
final class NaiveText {
    static final String SPACES =
            "\t\n\u000B\f\r\u001C-\u001F \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000";
    private static final Pattern LINE_BREAK =
            Pattern.compile("\r\n|[\n\u000B\f\r\u001C\u001D\u001E\u0085\u2028\u2029]");
    private static final Pattern IDEOGRAPH =
            Pattern.compile("[[\\p{IsIdeographic}\\p{IsHiragana}]&&[\\p{L}\\p{M}\\p{N}]]");
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]");
    private static final Pattern SPACE = Pattern.compile("[" + SPACES + "]");
    private static final Pattern AROUND = Pattern.compile("^[" + SPACES + "]+|[" + SPACES + "]+\\z");

    private NaiveText() {}

    static List<String> words(String text) {
        int[] characters = text.codePoints().toArray();
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < characters.length) {
            int end = at + 1;
            if (isWord(characters[at])) {
                while (end < characters.length && (isWord(characters[end]) || isJoined(characters, end))) {
                    end++;
                }
            } else if (!isSpace(characters[at]) && !isIdeograph(characters[at])) {
                while (end < characters.length && characters[end] == characters[at]) {
                    end++;
                }
            }
            if (!isSpace(characters[at])) {
                words.add(new String(characters, at, end - at));
            }
            at = end;
        }
        return words;
    }

    private static boolean isIdeograph(int character) {
        return IDEOGRAPH.matcher(Character.toString(character)).matches();
    }

    private static boolean isWord(int character) {
        return WORD.matcher(Character.toString(character)).matches() && !isIdeograph(character);
    }

    /** Tells whether a character joins the word before it to the one behind it. */
    private static boolean isJoined(int[] characters, int at) {
        if (at + 1 == characters.length || !isWord(characters[at + 1])) {
            return false;
        }
        int before = characters[at - 1];
        int after = characters[at + 1];
        return switch (Character.toString(characters[at])) {
            case "'", "’" -> Character.isLetter(before) && Character.isLetter(after);
            case ".", "," -> Character.isDigit(before) && Character.isDigit(after);
            case "_" -> isWord(before);
            default -> false;
        };
    }

    /** Python's {@code str.splitlines}. */
    static List<String> splitLines(String text) {
        List<String> lines = new ArrayList<>(List.of(LINE_BREAK.split(text, -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        return lines;
    }

    /** Python's {@code str.strip}. */
    static String strip(String text) {
        return AROUND.matcher(text).replaceAll("");
    }

    static boolean isSpace(int codePoint) {
        return SPACE.matcher(Character.toString(codePoint)).matches();
    }

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }
}
