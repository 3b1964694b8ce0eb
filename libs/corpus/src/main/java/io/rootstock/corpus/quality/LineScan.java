package io.rootstock.corpus.quality;

import java.util.Arrays;

/**
 * Lines of one text.
 *
 * <p>Two kinds of lines are needed, as in datatrove: lines between "\n", of which those with at least one byte are
 * stored, and lines between any of Unicode's line boundaries ({@code str.splitlines}), which are only counted.
 */
final class LineScan {
    /** Number of lines with at least one byte between "\n". */
    int count;

    /** Byte offsets of those lines. */
    int[] starts = new int[64];

    int[] ends = new int[64];

    /** Code points before those lines, and their lengths in code points. */
    int[] startCharacters = new int[64];

    int[] lengths = new int[64];

    /** Whether those lines are not blank. */
    boolean[] visible = new boolean[64];

    /** Number of "\n". */
    int newlines;

    /** Lines of {@code splitlines}. */
    int splitLines;

    /** Lines of {@code splitlines} that begin with a bullet or hyphen, and that end with an ellipsis. */
    int bulletLines;

    int ellipsisLines;

    /** Offsets of the first visible byte of the text and the end of the last one; equal if none. */
    int trimmedStart;

    int trimmedEnd;

    private byte[] utf8;
    private int lineStart;
    private int lineStartCharacter;
    private boolean lineVisible;
    private int splitStart;
    private int splitVisibleStart;
    private int splitVisibleEnd;

    void begin(byte[] bytes) {
        utf8 = bytes;
        count = 0;
        newlines = 0;
        splitLines = 0;
        bulletLines = 0;
        ellipsisLines = 0;
        trimmedStart = -1;
        trimmedEnd = 0;
        lineStart = 0;
        lineStartCharacter = 0;
        lineVisible = false;
        splitStart = 0;
        splitVisibleEnd = 0;
    }

    /** Adds a range without white space. */
    void visible(int from, int to) {
        if (splitVisibleEnd <= splitStart) {
            splitVisibleStart = from;
        }
        splitVisibleEnd = to;
        lineVisible = true;
        if (trimmedStart < 0) {
            trimmedStart = from;
        }
        trimmedEnd = to;
    }

    /**
     * Ends the lines at a boundary.
     *
     * @param end offset after the boundary
     * @param width its bytes
     * @param character code points up to {@code end}
     * @return offset after the boundary, where "\r\n" is one for {@code splitlines}
     */
    int boundary(int end, int width, int character) {
        int next = end;
        if (width == 1 && utf8[end - 1] == '\r' && end < utf8.length && utf8[end] == '\n') {
            next = end + 1;
        }
        if (utf8[next - 1] == '\n') {
            endLine(next - 1, character + (next - end) - 1);
            newlines++;
            lineStart = next;
            lineStartCharacter = character + (next - end);
        }
        endSplitLine();
        splitStart = next;
        splitVisibleEnd = next;
        return next;
    }

    /** Ends the text, which has a number of code points. */
    void end(int characters) {
        endLine(utf8.length, characters);
        if (splitStart < utf8.length) {
            endSplitLine();
        }
        trimmedStart = Math.max(0, trimmedStart);
        utf8 = null;
    }

    private void endLine(int end, int character) {
        if (end == lineStart) {
            return;
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
            startCharacters = Arrays.copyOf(startCharacters, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
            visible = Arrays.copyOf(visible, count * 2);
        }
        starts[count] = lineStart;
        ends[count] = end;
        startCharacters[count] = lineStartCharacter;
        lengths[count] = character - lineStartCharacter;
        visible[count] = lineVisible;
        lineVisible = false;
        count++;
    }

    private void endSplitLine() {
        splitLines++;
        if (splitVisibleEnd <= splitStart) {
            return;
        }
        bulletLines += utf8[splitVisibleStart] == '-' || isAt("•", splitVisibleStart) ? 1 : 0;
        int last = splitVisibleEnd - 3;
        ellipsisLines += last >= splitStart && (isAt("...", last) || isAt("…", last)) ? 1 : 0;
    }

    private boolean isAt(String symbol, int at) {
        return at + 3 <= utf8.length
                && (symbol.length() == 3
                        ? utf8[at] == '.' && utf8[at + 1] == '.' && utf8[at + 2] == '.'
                        : utf8[at] < 0
                                && Utf8.width(utf8[at]) == 3
                                && Utf8.codePoint(utf8, at) == symbol.codePointAt(0));
    }
}
