package io.rootstock.encoding.pretokenizer;

import static io.rootstock.encoding.pretokenizer.CharacterClass.NUMBER;
import static io.rootstock.encoding.pretokenizer.CharacterClass.SPACE;

/**
 * Scanner of SmolLM's pattern: the words of GPT-2's pattern in the text between digits, and every digit alone; white
 * space before a digit stays one word. For example {@code "It's  42!"} gives {@code "It" "'s" "  " "4" "2" "!"}.
 */
final class SmolLmScanner implements Scanner {
    private final Gpt2Scanner between = new Gpt2Scanner();

    @Override
    public int wordEnd(char[] text, int start, int end) {
        if (CharacterClass.at(text, start, end) == NUMBER) {
            return start + CharacterClass.length(text, start, end);
        }
        int spaces = CharacterClass.skip(text, start, end, SPACE);
        if (spaces > start && spaces < end && CharacterClass.at(text, spaces, end) == NUMBER) {
            return spaces;
        }
        return between.wordEnd(text, start, end);
    }
}
