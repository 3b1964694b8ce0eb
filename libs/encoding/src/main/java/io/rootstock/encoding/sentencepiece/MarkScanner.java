package io.rootstock.encoding.sentencepiece;

import io.rootstock.encoding.bpe.Merge;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.pretokenizer.Scanner;
import java.nio.charset.StandardCharsets;

/** Words of text in which {@link Pieces#MARK} represents blanks. */
enum MarkScanner implements Scanner {
    /** A word begins at every mark. */
    EVERY_MARK {
        @Override
        public int wordEnd(byte[] text, int start, int end) {
            return nextMark(text, start + 1, end);
        }
    },
    /** A word begins at a mark whose previous character is not a mark. */
    RUNS_OF_MARKS {
        @Override
        public int wordEnd(byte[] text, int start, int end) {
            int position = start;
            while (isMark(text, position, end)) {
                position += MARK_BYTES;
            }
            return nextMark(text, position, end);
        }
    },
    /** The whole text is one word. */
    WHOLE_TEXT {
        @Override
        public int wordEnd(byte[] text, int start, int end) {
            return end;
        }
    };

    private static final byte[] MARK = Pieces.MARK.getBytes(StandardCharsets.UTF_8);
    private static final int MARK_BYTES = MARK.length;

    /**
     * Returns the scanner of a vocabulary that merges across words. {@link #RUNS_OF_MARKS} gives the same tokens as
     * {@link #WHOLE_TEXT} if a mark only begins tokens, because then no merge crosses the beginning of such a word.
     */
    static MarkScanner across(Vocabulary vocabulary) {
        for (Merge merge : vocabulary.merges()) {
            byte[] left = vocabulary.bytes(merge.left());
            byte[] right = vocabulary.bytes(merge.right());
            if (isMark(right, 0, right.length) && !endsWithMark(left)) {
                return WHOLE_TEXT;
            }
        }
        return RUNS_OF_MARKS;
    }

    private static boolean endsWithMark(byte[] text) {
        return text.length >= MARK_BYTES && isMark(text, text.length - MARK_BYTES, text.length);
    }

    private static boolean isMark(byte[] text, int at, int end) {
        return at + MARK_BYTES <= end && text[at] == MARK[0] && text[at + 1] == MARK[1] && text[at + 2] == MARK[2];
    }

    private static int nextMark(byte[] text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (text[i] == MARK[0] && isMark(text, i, end)) {
                return i;
            }
        }
        return end;
    }
}
