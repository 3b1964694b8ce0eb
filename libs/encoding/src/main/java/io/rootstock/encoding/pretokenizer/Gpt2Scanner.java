package io.rootstock.encoding.pretokenizer;

import static io.rootstock.encoding.pretokenizer.CharacterClass.SPACE;

/**
 * Words of {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+}, for example {@code
 * "It's 42!"} gives {@code "It" "'s" " 42" "!"}.
 */
final class Gpt2Scanner implements Scanner {
    @Override
    public int wordEnd(char[] text, int start, int end) {
        char first = text[start];
        if (first == '\'') {
            int contraction = contractionEnd(text, start, end);
            if (contraction > start) {
                return contraction;
            }
        }
        int body = first == ' ' ? start + 1 : start;
        if (body < end) {
            byte characterClass = CharacterClass.at(text, body, end);
            if (characterClass != SPACE) {
                return CharacterClass.skip(text, body, end, characterClass);
            }
        }
        return WhiteSpace.wordEnd(start, CharacterClass.skip(text, start, end, SPACE), end);
    }

    private static int contractionEnd(char[] text, int start, int end) {
        if (start + 1 >= end) {
            return start;
        }
        char second = text[start + 1];
        if (second == 's' || second == 't' || second == 'm' || second == 'd') {
            return start + 2;
        }
        if (start + 2 >= end) {
            return start;
        }
        char third = text[start + 2];
        boolean two =
                (second == 'r' && third == 'e') || (second == 'v' && third == 'e') || (second == 'l' && third == 'l');
        return two ? start + 3 : start;
    }
}
