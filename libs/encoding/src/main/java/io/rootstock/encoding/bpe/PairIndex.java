package io.rootstock.encoding.bpe;

import java.util.Arrays;

/**
 * Index of all pairs of neighbouring tokens: the count of a pair (64 bit), and the words that may contain it.
 *
 * <p>The list of words may contain duplicates and words that have since lost the pair; it is always complete.
 */
final class PairIndex {
    private static final long EMPTY = -1;

    private long[] pairs = new long[1 << 12];
    private long[] counts = new long[1 << 12];
    private int[][] words = new int[1 << 12][];
    private int[] wordCounts = new int[1 << 12];
    private int size;

    PairIndex() {
        Arrays.fill(pairs, EMPTY);
    }

    long count(long pair) {
        int slot = slot(pair);
        return pairs[slot] == EMPTY ? 0 : counts[slot];
    }

    void increase(long pair, long by, int word) {
        int slot = slot(pair);
        if (pairs[slot] == EMPTY) {
            if (size * 2 >= pairs.length) {
                grow();
                slot = slot(pair);
            }
            pairs[slot] = pair;
            size++;
        }
        counts[slot] += by;
        int[] list = words[slot];
        int count = wordCounts[slot];
        if (list == null) {
            list = new int[4];
        } else if (count > 0 && list[count - 1] == word) {
            return;
        } else if (count == list.length) {
            list = Arrays.copyOf(list, count * 2);
        }
        list[count] = word;
        words[slot] = list;
        wordCounts[slot] = count + 1;
    }

    void decrease(long pair, long by) {
        counts[slot(pair)] -= by;
    }

    /** Removes a pair that was merged in all words; returns the words that may have contained it. */
    int[] remove(long pair) {
        int slot = slot(pair);
        int[] result = words[slot] == null ? new int[0] : Arrays.copyOf(words[slot], wordCounts[slot]);
        counts[slot] = 0;
        words[slot] = null;
        wordCounts[slot] = 0;
        return result;
    }

    /** Returns all pairs that ever occurred. */
    long[] pairs() {
        return Arrays.stream(pairs).filter(pair -> pair != EMPTY).toArray();
    }

    private int slot(long pair) {
        int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 32) & (pairs.length - 1);
        while (pairs[slot] != EMPTY && pairs[slot] != pair) {
            slot = slot + 1 & pairs.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] oldPairs = pairs;
        long[] oldCounts = counts;
        int[][] oldWords = words;
        int[] oldWordCounts = wordCounts;
        int capacity = oldPairs.length * 2;
        pairs = new long[capacity];
        counts = new long[capacity];
        words = new int[capacity][];
        wordCounts = new int[capacity];
        Arrays.fill(pairs, EMPTY);
        for (int old = 0; old < oldPairs.length; old++) {
            if (oldPairs[old] != EMPTY) {
                int slot = slot(oldPairs[old]);
                pairs[slot] = oldPairs[old];
                counts[slot] = oldCounts[old];
                words[slot] = oldWords[old];
                wordCounts[slot] = oldWordCounts[old];
            }
        }
    }
}
