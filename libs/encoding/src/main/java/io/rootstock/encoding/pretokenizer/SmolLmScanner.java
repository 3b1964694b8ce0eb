package io.rootstock.encoding.pretokenizer;

import static io.rootstock.encoding.pretokenizer.CharacterTable.NUMBER;
import static io.rootstock.encoding.pretokenizer.CharacterTable.SPACE;

/**
 * Scanner of SmolLM's pattern: the words of GPT-2's pattern in the text between digits, and every digit alone; white
 * space before a digit stays one word. For example {@code "It's  42!"} gives {@code "It" "'s" "  " "4" "2" "!"}.
 */
final class SmolLmScanner implements Scanner {
    private final Gpt2Scanner between = new Gpt2Scanner();

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
        if ((first & NUMBER) != 0) {
            return CharacterTable.after(start, first);
        }
        if ((first & SPACE) != 0) {
            int runEnd = WhiteSpace.runEnd(text, start, end);
            if (runEnd < end && (CharacterTable.at(text, runEnd, end) & NUMBER) != 0) {
                return runEnd;
            }
        }
        return between.wordEnd(text, start, end);
    }
}
