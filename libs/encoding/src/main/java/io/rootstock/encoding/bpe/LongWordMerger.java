package io.rootstock.encoding.bpe;

import io.rootstock.encoding.TokenBuffer;
import java.util.Arrays;

/**
 * Merges a word of any length in windows, in linear time and with memory for one window.
 *
 * <p>A sequence of tokens is the result of BPE if and only if every two neighbours are: merging the bytes of both alone
 * gives the two. (As long as no merge crosses a boundary, both sides are merged in the order in which they are merged
 * alone; so the first merge across a boundary, if there is one, also happens when the two are alone.) So the tokens of a
 * window are kept, but for the last ones, if the first token of the next window is valid behind them; otherwise the
 * next window begins one token earlier.
 */
final class LongWordMerger {
    /** Number of bytes that are merged at once. */
    static final int WINDOW = 1024;

    /** Tokens at the end of a window that the next window merges again. */
    private static final int UNCERTAIN = 4;

    /** Number of tokens that the next window can begin earlier. */
    private static final int HISTORY = 256;

    private final Symbols symbols;
    private final WordMerger merger;
    private final int window;
    private final int[] lastStarts = new int[HISTORY];
    private int[] ids = new int[2 * WINDOW];
    private int[] starts = new int[2 * WINDOW];

    /**
     * @param longestToken number of bytes of the longest token, so that a window has several
     */
    LongWordMerger(Symbols symbols, WordMerger merger, int longestToken) {
        this.symbols = symbols;
        this.merger = merger;
        this.window = Math.max(WINDOW, 8 * longestToken);
    }

    /** Appends the tokens of the word {@code text[from, to)} to {@code output}. */
    void encode(byte[] text, int from, int to, TokenBuffer output) {
        int first = output.size();
        int kept = 0;
        int oldest = 0;
        int at = from;
        while (at < to) {
            int end = at + window >= to || at + window < 0 ? to : symbols.boundary(text, at, at + window, to);
            int count = merge(text, at, end);
            if (kept > 0 && count > 0 && !follows(text, lastStarts[(kept - 1) % HISTORY], output, count, end)) {
                kept--;
                if (kept == oldest) {
                    output.setSize(first);
                    whole(text, from, to, output);
                    return;
                }
                output.setSize(output.size() - 1);
                at = lastStarts[kept % HISTORY];
                continue;
            }
            int certain = end == to ? count : Math.max(1, count - UNCERTAIN);
            for (int i = 0; i < certain; i++) {
                output.add(ids[i]);
                lastStarts[kept++ % HISTORY] = starts[i];
            }
            oldest = Math.max(oldest, kept - HISTORY);
            at = certain < count ? starts[certain] : end;
        }
    }

    /** Whether the first token of the window is valid behind the last token of the output. */
    private boolean follows(byte[] text, int lastStart, TokenBuffer output, int count, int end) {
        int last = output.get(output.size() - 1);
        int firstToken = ids[0];
        int pairEnd = count > 1 ? starts[1] : end;
        int[] windowIds = ids;
        int[] windowStarts = starts;
        ids = new int[pairEnd - lastStart];
        starts = new int[pairEnd - lastStart];
        int pair = merge(text, lastStart, pairEnd);
        boolean valid = pair == 2 && ids[0] == last && ids[1] == firstToken;
        ids = windowIds;
        starts = windowStarts;
        return valid;
    }

    private void whole(byte[] text, int from, int to, TokenBuffer output) {
        int count = merge(text, from, to);
        output.add(ids, 0, count);
        ids = new int[2 * WINDOW];
        starts = new int[2 * WINDOW];
    }

    private int merge(byte[] text, int from, int to) {
        if (ids.length < to - from) {
            ids = Arrays.copyOf(ids, to - from);
            starts = Arrays.copyOf(starts, to - from);
        }
        return merger.merge(ids, starts, symbols.split(text, from, to, ids, starts));
    }
}
