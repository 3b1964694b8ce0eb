package io.rootstock.encoding.pretokenizer;

import static io.rootstock.encoding.pretokenizer.CharacterTable.LETTER;
import static io.rootstock.encoding.pretokenizer.CharacterTable.LOWER;
import static io.rootstock.encoding.pretokenizer.CharacterTable.NUMBER;
import static io.rootstock.encoding.pretokenizer.CharacterTable.OTHER;
import static io.rootstock.encoding.pretokenizer.CharacterTable.UPPER;

/**
 * Words that begin at a change from lower to upper case, with one other character before them: o200k_base's {@code
 * [^\r\n\p{L}\p{N}]?U*W+C?|[^\r\n\p{L}\p{N}]?U+W*C?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+},
 * where U is {@code [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]}, W is {@code [\p{Ll}\p{Lm}\p{Lo}\p{M}]}, and C is {@code
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)}. Mistral's tekken has no contractions C, and {@code \p{N}} for numbers.
 *
 * <p>For example {@code "IT'S HTTPServer 42//\n"} gives, with tekken, {@code "IT" "'S" " HTTPServer" " " "4" "2"
 * "//\n"}.
 */
final class LetterCaseScanner implements Scanner {
    private final int longestNumber;
    private final boolean contractions;

    /**
     * @param longestNumber maximum number of digits of a word
     * @param contractions whether an English contraction belongs to the word before it
     */
    LetterCaseScanner(int longestNumber, boolean contractions) {
        this.longestNumber = longestNumber;
        this.contractions = contractions;
    }

    @Override
    public int wordEnds(byte[] text, int start, int end, int[] ends) {
        int words = 0;
        for (int position = start; position < end && words < ends.length; words++) {
            position = wordEnd(text, position, end);
            ends[words] = position;
        }
        return words;
    }

    @Override
    public int wordEnd(byte[] text, int start, int end) {
        int first = CharacterTable.at(text, start, end);
        if ((first & LETTER) != 0) {
            return lettersEnd(text, start, end);
        }
        int second = CharacterTable.after(start, first);
        if ((first & NUMBER) != 0) {
            return Numbers.end(text, second, end, longestNumber - 1);
        }
        int next = second < end ? CharacterTable.at(text, second, end) : 0;
        boolean prefix = (next & (UPPER | LOWER)) != 0 && !WhiteSpace.isLineBreak(text[start]);
        if ((first & (UPPER | LOWER)) != 0) {
            // A mark: before letters that end in lower case it is their prefix, otherwise a separate word.
            int lower = prefix ? lowerEnd(text, second, end) : second;
            return lower > second ? contractionEnd(text, lower, end) : lettersEnd(text, start, end);
        }
        if (prefix) {
            return lettersEnd(text, second, end);
        }
        if ((first & OTHER) != 0 || ((next & OTHER) != 0 && text[start] == ' ')) {
            int position = CharacterTable.skip(text, second, end, OTHER);
            while (position < end && (WhiteSpace.isLineBreak(text[position]) || text[position] == '/')) {
                position++;
            }
            return position;
        }
        return WhiteSpace.lineBreakOrWordEnd(text, start, end);
    }

    /** Returns the end of {@code U*W+C?}, or else of {@code U+W*C?}. */
    private int lettersEnd(byte[] text, int start, int end) {
        int lower = lowerEnd(text, start, end);
        return contractionEnd(text, lower > start ? lower : CharacterTable.skip(text, start, end, UPPER), end);
    }

    private int contractionEnd(byte[] text, int start, int end) {
        return contractions && start < end && text[start] == '\'' ? Contractions.endInAnyCase(text, start, end) : start;
    }

    /** Returns the end of {@code U*W+}; {@code start} if it does not match. */
    private static int lowerEnd(byte[] text, int start, int end) {
        int position = start;
        int lastOfBoth = start;
        while (position < end) {
            int character = CharacterTable.at(text, position, end);
            if ((character & UPPER) == 0) {
                break;
            }
            position = CharacterTable.after(position, character);
            if ((character & LOWER) != 0) {
                lastOfBoth = position;
            }
        }
        int lower = AsciiLetters.lowerEnd(text, position, end);
        // Without a lower-case letter, U* backtracks to the last character that is also in W.
        return lower > position ? lower : lastOfBoth;
    }
}
