package io.rootstock.encoding.pretokenizer;

import static io.rootstock.encoding.pretokenizer.CharacterClass.LETTER;
import static io.rootstock.encoding.pretokenizer.CharacterClass.NUMBER;
import static io.rootstock.encoding.pretokenizer.CharacterClass.OTHER;
import static io.rootstock.encoding.pretokenizer.CharacterClass.SPACE;

/**
 * Scanner of the pattern shared by cl100k_base and Llama 3: {@code
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}.
 *
 * <p>Qwen2's pattern has {@code \p{N}} in place of {@code \p{N}{1,3}}.
 *
 * <p>For example {@code "IT'S 12345!!\n"} gives {@code "IT" "'S" " " "123" "45" "!!\n"}.
 */
final class Cl100kScanner implements Scanner {
    /** The long s (U+017F) matches s in a case-insensitive comparison. */
    private static final char LONG_S = '\u017F';

    private final int longestNumber;

    /**
     * @param longestNumber maximum number of digits of a word
     */
    Cl100kScanner(int longestNumber) {
        this.longestNumber = longestNumber;
    }

    @Override
    public int wordEnd(char[] text, int start, int end) {
        char first = text[start];
        if (first == '\'') {
            int contraction = contractionEnd(text, start, end);
            if (contraction > start) {
                return contraction;
            }
        }
        byte characterClass = CharacterClass.at(text, start, end);
        if (characterClass == LETTER) {
            return CharacterClass.skip(text, start, end, LETTER);
        }
        if (characterClass == NUMBER) {
            return numberEnd(text, start, end);
        }
        int second = start + CharacterClass.length(text, start, end);
        byte secondClass = second < end ? CharacterClass.at(text, second, end) : SPACE;
        if (secondClass == LETTER && !WhiteSpace.isLineBreak(first)) {
            return CharacterClass.skip(text, second, end, LETTER);
        }
        if (characterClass == OTHER || (first == ' ' && secondClass == OTHER)) {
            int body = characterClass == OTHER ? start : second;
            return lineBreaksEnd(text, CharacterClass.skip(text, body, end, OTHER), end);
        }
        return WhiteSpace.lineBreakOrWordEnd(text, start, end);
    }

    private int numberEnd(char[] text, int start, int end) {
        int position = start;
        for (int digits = 0; digits < longestNumber && position < end; digits++) {
            if (CharacterClass.at(text, position, end) != NUMBER) {
                break;
            }
            position += CharacterClass.length(text, position, end);
        }
        return position;
    }

    private static int lineBreaksEnd(char[] text, int start, int end) {
        int position = start;
        while (position < end && WhiteSpace.isLineBreak(text[position])) {
            position++;
        }
        return position;
    }

    private static int contractionEnd(char[] text, int start, int end) {
        if (start + 1 >= end) {
            return start;
        }
        char second = lower(text[start + 1]);
        if (second == 's' || second == 't' || second == 'm' || second == 'd') {
            return start + 2;
        }
        if (start + 2 >= end) {
            return start;
        }
        char third = lower(text[start + 2]);
        boolean two =
                (second == 'r' && third == 'e') || (second == 'v' && third == 'e') || (second == 'l' && third == 'l');
        return two ? start + 3 : start;
    }

    private static char lower(char character) {
        if (character >= 'A' && character <= 'Z') {
            return (char) (character + ('a' - 'A'));
        }
        return character == LONG_S ? 's' : character;
    }
}
