package io.rootstock.corpus.quality;

/** Counts sentences of one line; {@link C4QualityFilter} states the rule. */
final class Sentences {
    private static final String CLOSERS = "\"')]}»”’」』）】";

    private Sentences() {}

    /** Number of sentences in a range; text after the last end is one more. */
    static int count(byte[] utf8, int from, int to) {
        int sentences = 0;
        boolean open = false;
        int at = from;
        while (at < to) {
            int first = utf8[at];
            int codePoint = first >= 0 ? first : Utf8.codePoint(utf8, at);
            int classes = first >= 0 ? CharacterClass.ASCII[first] : CharacterClass.of(codePoint);
            int next = at + Utf8.width(utf8[at]);
            if ((classes & CharacterClass.TERMINAL) != 0) {
                int end = afterTerminals(utf8, at, to);
                boolean spaceFollows =
                        end == to || (CharacterClass.of(Utf8.codePoint(utf8, end)) & CharacterClass.SPACE) != 0;
                boolean cjk = codePoint > 0x3000;
                boolean ends = cjk || (spaceFollows && !(codePoint == '.' && end < to && isInitial(utf8, from, at)));
                sentences += ends ? 1 : 0;
                open = !ends;
                next = end;
            } else {
                open |= (classes & CharacterClass.SPACE) == 0;
            }
            at = next;
        }
        return sentences + (open ? 1 : 0);
    }

    /** Returns the end of the terminal punctuation and closing quotes and brackets at an offset. */
    private static int afterTerminals(byte[] utf8, int from, int to) {
        int at = from;
        boolean terminals = true;
        while (at < to) {
            int codePoint = Utf8.codePoint(utf8, at);
            boolean terminal = (CharacterClass.of(codePoint) & CharacterClass.TERMINAL) != 0;
            if (!(terminals && terminal) && CLOSERS.indexOf(codePoint) < 0) {
                break;
            }
            terminals = terminal;
            at += Utf8.width(utf8[at]);
        }
        return at;
    }

    /** Tells whether one upper-case ASCII letter stands before a full stop. */
    private static boolean isInitial(byte[] utf8, int from, int stop) {
        if (stop == from || utf8[stop - 1] < 'A' || utf8[stop - 1] > 'Z') {
            return false;
        }
        return stop - 1 == from
                || (CharacterClass.of(Utf8.codePoint(utf8, Utf8.previous(utf8, stop - 1))) & CharacterClass.WORD) == 0;
    }
}
