package io.rootstock.evaluation.contamination;

/** Number of rows of a task in which each n-gram occurs, by hash. Holds about 26 bytes for each distinct n-gram. */
final class NgramCounts {
    private static final int FIRST_SLOTS = 1 << 10;

    private final int most;
    /** Open addressing with linear probing; 0: free. */
    private long[] hashes = new long[FIRST_SLOTS];

    private int[] lastRows = new int[FIRST_SLOTS];
    private byte[] counts = new byte[FIRST_SLOTS];
    private int used;

    /**
     * @param most count above which an n-gram is common, below 127
     */
    NgramCounts(int most) {
        this.most = most;
    }

    /** Counts an n-gram of a row, once for each row; rows are added one after the other. */
    void add(long hash, int row) {
        if (2 * used >= hashes.length) {
            grow();
        }
        int slot = slot(hash);
        if (hashes[slot] == 0) {
            hashes[slot] = key(hash);
            used++;
        } else if (lastRows[slot] == row) {
            return;
        }
        lastRows[slot] = row;
        counts[slot] += (byte) (counts[slot] <= most ? 1 : 0);
    }

    /** Whether more rows than the maximum have the n-gram. */
    boolean isCommon(long hash) {
        return counts[slot(hash)] > most;
    }

    private static long key(long hash) {
        return hash == 0 ? 1 : hash;
    }

    private int slot(long hash) {
        long key = key(hash);
        int slot = (int) key & (hashes.length - 1);
        while (hashes[slot] != 0 && hashes[slot] != key) {
            slot = (slot + 1) & (hashes.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] oldHashes = hashes;
        int[] oldRows = lastRows;
        byte[] oldCounts = counts;
        hashes = new long[Math.multiplyExact(2, oldHashes.length)];
        lastRows = new int[hashes.length];
        counts = new byte[hashes.length];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != 0) {
                int slot = slot(oldHashes[i]);
                hashes[slot] = oldHashes[i];
                lastRows[slot] = oldRows[i];
                counts[slot] = oldCounts[i];
            }
        }
    }
}
