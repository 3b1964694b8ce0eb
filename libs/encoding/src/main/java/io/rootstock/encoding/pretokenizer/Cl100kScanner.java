package io.rootstock.encoding.pretokenizer;

import static io.rootstock.encoding.pretokenizer.CharacterTable.LETTER;
import static io.rootstock.encoding.pretokenizer.CharacterTable.NUMBER;
import static io.rootstock.encoding.pretokenizer.CharacterTable.OTHER;

/**
 * Scanner of the pattern shared by cl100k_base and Llama 3: {@code
 * (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+}.
 *
 * <p>Qwen2's pattern has {@code \p{N}} in place of {@code \p{N}{1,3}}.
 *
 * <p>For example {@code "IT'S 12345!!\n"} gives {@code "IT" "'S" " " "123" "45" "!!\n"}.
 */
final class Cl100kScanner implements Scanner {
    private final int longestNumber;

    /**
     * @param longestNumber maximum number of digits of a word
     */
    Cl100kScanner(int longestNumber) {
        this.longestNumber = longestNumber;
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
        int second = CharacterTable.after(start, first);
        if ((first & LETTER) != 0) {
            return AsciiLetters.lettersEnd(text, second, end);
        }
        if ((first & NUMBER) != 0) {
            return Numbers.end(text, second, end, longestNumber - 1);
        }
        if (text[start] == '\'') {
            int contraction = Contractions.endInAnyCase(text, start, end);
            if (contraction > start) {
                return contraction;
            }
        }
        int next = second < end ? CharacterTable.at(text, second, end) : 0;
        if ((next & LETTER) != 0 && !WhiteSpace.isLineBreak(text[start])) {
            return AsciiLetters.lettersEnd(text, CharacterTable.after(second, next), end);
        }
        if ((first & OTHER) != 0 || ((next & OTHER) != 0 && text[start] == ' ')) {
            int position = CharacterTable.skip(text, second, end, OTHER);
            while (position < end && WhiteSpace.isLineBreak(text[position])) {
                position++;
            }
            return position;
        }
        return WhiteSpace.lineBreakOrWordEnd(text, start, end);
    }
}
