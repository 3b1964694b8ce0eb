package io.rootstock.encoding.pretokenizer;

import static io.rootstock.encoding.pretokenizer.CharacterTable.NUMBER;

/** Runs of {@code \p{N}} of limited length. */
final class Numbers {
    private Numbers() {}

    /** Returns the end of at most {@code longest} digits from {@code start}. */
    static int end(byte[] text, int start, int end, int longest) {
        int position = start;
        for (int digits = 0; digits < longest && position < end; digits++) {
            int character = CharacterTable.at(text, position, end);
            if ((character & NUMBER) == 0) {
                break;
            }
            position = CharacterTable.after(position, character);
        }
        return position;
    }
}
