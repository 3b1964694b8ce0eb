package io.rootstock.encoding.pretokenizer;

import static io.rootstock.encoding.pretokenizer.CharacterTable.LETTER;
import static io.rootstock.encoding.pretokenizer.CharacterTable.NUMBER;
import static io.rootstock.encoding.pretokenizer.CharacterTable.OTHER;

/**
 * Words of {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}, for example {@code
 * "It's 42!"} gives {@code "It" "'s" " 42" "!"}.
 */
final class Gpt2Scanner implements Scanner {
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
        byte first = text[start];
        int body = start;
        if (first == ' ') {
            body++;
        } else if (first == '\'') {
            int contraction = Contractions.end(text, start, end);
            if (contraction > start) {
                return contraction;
            }
        }
        if (body < end) {
            int character = CharacterTable.at(text, body, end);
            int second = CharacterTable.after(body, character);
            if ((character & LETTER) != 0) {
                return AsciiLetters.lettersEnd(text, second, end);
            }
            if ((character & (NUMBER | OTHER)) != 0) {
                return CharacterTable.skip(text, second, end, character & (NUMBER | OTHER));
            }
        }
        return WhiteSpace.wordEnd(text, start, WhiteSpace.runEnd(text, start, end), end);
    }
}
