package io.rootstock.checkpoint.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Merges the characters of one token's text. Where two tokenizers join every token of a vocabulary alike, they tokenize
 * every text alike: a pair of tokens that merges inside a longer text also merges last when its text stands alone, so that
 * only one pair per token ever merges.
 */
final class PieceMerging {
    /** More than one token remains. */
    static final int DIVIDED = -1;

    private static final long NONE = Long.MAX_VALUE;

    /** Rank of merging two symbols in the upper, the resulting symbol in the lower 32 bits, by both symbols. */
    private final Map<Long, Long> merges = new HashMap<>();

    /**
     * Adds a merge; the first one of a pair counts.
     *
     * @param rank at least 0, the lowest merges first
     */
    void add(int left, int right, int rank, int result) {
        merges.putIfAbsent(pair(left, right), (long) rank << Integer.SIZE | result);
    }

    /** Returns the rank of merging two symbols; {@link Integer#MAX_VALUE}: they do not merge. */
    int rank(int left, int right) {
        return (int) (find(left, right) >>> Integer.SIZE);
    }

    /**
     * Merges symbols, the lowest rank first, of equal ranks the leftmost.
     *
     * @return number of symbols left of the last merge, which gave one symbol; 0 for one symbol, or {@link #DIVIDED}
     */
    int lastJoin(int[] symbols) {
        int count = symbols.length;
        int[] merged = symbols.clone();
        int[] lengths = new int[count];
        Arrays.fill(lengths, 1);
        long[] found = new long[count];
        for (int i = 0; i + 1 < count; i++) {
            found[i] = find(merged[i], merged[i + 1]);
        }
        int join = 0;
        while (count > 1) {
            int best = 0;
            for (int i = 1; i + 1 < count; i++) {
                if (found[i] >>> Integer.SIZE < found[best] >>> Integer.SIZE) {
                    best = i;
                }
            }
            if (found[best] == NONE) {
                return DIVIDED;
            }
            join = lengths[best];
            merged[best] = (int) found[best];
            lengths[best] += lengths[best + 1];
            int moved = count - best - 2;
            System.arraycopy(merged, best + 2, merged, best + 1, moved);
            System.arraycopy(lengths, best + 2, lengths, best + 1, moved);
            System.arraycopy(found, best + 2, found, best + 1, moved);
            count--;
            if (best > 0) {
                found[best - 1] = find(merged[best - 1], merged[best]);
            }
            if (best + 1 < count) {
                found[best] = find(merged[best], merged[best + 1]);
            }
        }
        return join;
    }

    private long find(int left, int right) {
        return merges.getOrDefault(pair(left, right), NONE);
    }

    private static long pair(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }
}
