package io.rootstock.encoding.pretokenizer;

import static io.rootstock.encoding.pretokenizer.CharacterClass.LETTER;
import static io.rootstock.encoding.pretokenizer.CharacterClass.NUMBER;
import static io.rootstock.encoding.pretokenizer.CharacterClass.OTHER;

/**
 * Words of Mistral's tekken: letters from upper to lower case and marks, with one other character before them: {@code
 * [^\r\n\p{L}\p{N}]?U*W+|[^\r\n\p{L}\p{N}]?U+W*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+}, where U is
 * {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]} and W is {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}.
 *
 * <p>For example {@code "IT'S HTTPServer 42//\n"} gives {@code "IT" "'S" " HTTPServer" " " "4" "2" "//\n"}.
 */
final class TekkenScanner implements Scanner {
    @Override
    public int wordEnd(char[] text, int start, int end) {
        byte characterClass = CharacterClass.at(text, start, end);
        if (characterClass == LETTER) {
            return lettersEnd(text, start, end);
        }
        if (characterClass == NUMBER) {
            return start + CharacterClass.length(text, start, end);
        }
        int second = start + CharacterClass.length(text, start, end);
        boolean prefix = !WhiteSpace.isLineBreak(text[start]) && second < end && LetterCase.at(text, second, end) != 0;
        if (LetterCase.at(text, start, end) != 0) {
            // A mark: before letters that end in lower case it is their prefix, otherwise a separate word.
            boolean before = prefix && lowerEnd(text, second, end) > second;
            return before ? lowerEnd(text, second, end) : lettersEnd(text, start, end);
        }
        if (prefix) {
            return lettersEnd(text, second, end);
        }
        if (characterClass == OTHER) {
            return symbolsEnd(text, start, end);
        }
        if (text[start] == ' ' && second < end && CharacterClass.at(text, second, end) == OTHER) {
            return symbolsEnd(text, second, end);
        }
        return WhiteSpace.lineBreakOrWordEnd(text, start, end);
    }

    /** Returns the end of {@code U*W+}, or else of {@code U+W*}. */
    private static int lettersEnd(char[] text, int start, int end) {
        int lower = lowerEnd(text, start, end);
        return lower > start ? lower : LetterCase.skip(text, start, end, LetterCase.UPPER);
    }

    /** Returns the end of {@code U*W+}; {@code start} if it does not match. */
    private static int lowerEnd(char[] text, int start, int end) {
        int position = start;
        int lastOfBoth = start;
        while (position < end) {
            int letterCase = LetterCase.at(text, position, end);
            if ((letterCase & LetterCase.UPPER) == 0) {
                break;
            }
            position += CharacterClass.length(text, position, end);
            if ((letterCase & LetterCase.LOWER) != 0) {
                lastOfBoth = position;
            }
        }
        int lower = LetterCase.skip(text, position, end, LetterCase.LOWER);
        // Without a lower-case letter, U* backtracks to the last character that is also in W.
        return lower > position ? lower : lastOfBoth;
    }

    private static int symbolsEnd(char[] text, int start, int end) {
        int position = CharacterClass.skip(text, start, end, OTHER);
        while (position < end && (WhiteSpace.isLineBreak(text[position]) || text[position] == '/')) {
            position++;
        }
        return position;
    }
}
