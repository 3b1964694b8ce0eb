package io.rootstock.encoding.sentencepiece;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Changes of text before it is split into pieces. Blanks (U+0020 only) become {@link Pieces#MARK}.
 *
 * @param prefix where a blank is added before a text
 * @param collapseBlanks whether blanks at both ends are removed, and runs of blanks become one
 */
public record Normalization(Prefix prefix, boolean collapseBlanks) {
    private static final byte[] MARK = Pieces.MARK.getBytes(StandardCharsets.UTF_8);

    /** Places where a blank is added. */
    public enum Prefix {
        NONE,
        /** Before a text. */
        TEXT,
        /** Before a text that does not begin with a blank. */
        TEXT_WITHOUT_BLANK,
        /** Before every part of a text between special tokens. */
        EVERY_PART,
        /** Before every part of a text between special tokens that does not begin with a blank. */
        EVERY_PART_WITHOUT_BLANK
    }

    /**
     * Returns the normalized {@code text[from, to)}.
     *
     * @param first whether it is at the beginning of a text, not behind a special token
     */
    byte[] apply(byte[] text, int from, int to, boolean first) {
        int start = from;
        int end = to;
        if (collapseBlanks) {
            while (start < end && text[start] == ' ') {
                start++;
            }
            while (end > start && text[end - 1] == ' ') {
                end--;
            }
        }
        if (start == end) {
            return new byte[0];
        }
        byte[] result = new byte[Math.multiplyExact(end - start + 1, MARK.length)];
        int size = needsPrefix(text, start, end, first) ? mark(result, 0) : 0;
        for (int i = start; i < end; i++) {
            if (text[i] != ' ') {
                result[size++] = text[i];
            } else if (!collapseBlanks || text[i - 1] != ' ') {
                size = mark(result, size);
            }
        }
        while (collapseBlanks
                && size >= MARK.length
                && Arrays.equals(result, size - MARK.length, size, MARK, 0, MARK.length)) {
            // SentencePiece also removes marks that the text has itself.
            size -= MARK.length;
        }
        return Arrays.copyOf(result, size);
    }

    private boolean needsPrefix(byte[] text, int start, int end, boolean first) {
        boolean place = switch (prefix) {
            case NONE -> false;
            case TEXT, TEXT_WITHOUT_BLANK -> first;
            case EVERY_PART, EVERY_PART_WITHOUT_BLANK -> true;
        };
        boolean always = prefix == Prefix.TEXT || prefix == Prefix.EVERY_PART;
        return place && (always || !beginsWithBlank(text, start, end));
    }

    private static boolean beginsWithBlank(byte[] text, int start, int end) {
        return text[start] == ' '
                || (end - start >= MARK.length
                        && Arrays.equals(text, start, start + MARK.length, MARK, 0, MARK.length));
    }

    private static int mark(byte[] result, int at) {
        System.arraycopy(MARK, 0, result, at, MARK.length);
        return at + MARK.length;
    }
}
