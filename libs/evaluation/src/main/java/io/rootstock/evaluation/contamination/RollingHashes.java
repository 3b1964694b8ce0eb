package io.rootstock.evaluation.contamination;

import java.util.Arrays;

/**
 * Hashes of the n-grams that end at the last unit of a text, for several lengths n: polynomials in the units' hashes modulo
 * 2^64, which are updated in constant time (Karp and Rabin 1987). Not safe for several threads.
 */
final class RollingHashes {
    private static final long BASE = 0x9e3779b97f4a7c15L;
    /** Units that are kept; a power of two above the longest n-gram. */
    static final int SLOTS = 32;

    private final int[] sizes;
    /** BASE to the power of the size. */
    private final long[] powers;

    private final long[] sums;
    private final long[] units = new long[SLOTS];
    private long count;

    /**
     * @param sizes lengths of the n-grams, each below {@link #SLOTS}
     */
    RollingHashes(int... sizes) {
        this.sizes = sizes.clone();
        this.powers = new long[sizes.length];
        this.sums = new long[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 1 || sizes[i] >= SLOTS) {
                throw new IllegalArgumentException("size " + sizes[i]);
            }
            powers[i] = 1;
            for (int factor = 0; factor < sizes[i]; factor++) {
                powers[i] *= BASE;
            }
        }
    }

    /** Begins a text: no n-gram spans two texts. */
    void begin() {
        count = 0;
        Arrays.fill(sums, 0);
        Arrays.fill(units, 0);
    }

    /** Appends the hash of a unit. */
    void add(long unit) {
        for (int i = 0; i < sizes.length; i++) {
            // The unit that leaves is 0 while the text is shorter than the n-gram.
            long leaves = units[(int) (count - sizes[i]) & (SLOTS - 1)];
            sums[i] = sums[i] * BASE + unit - leaves * powers[i];
        }
        units[(int) count & (SLOTS - 1)] = unit;
        count++;
    }

    /** Number of units since the beginning. */
    long count() {
        return count;
    }

    /** Whether the text has an n-gram of the length with this index. */
    boolean has(int index) {
        return count >= sizes[index];
    }

    /** Length with this index. */
    int size(int index) {
        return sizes[index];
    }

    /** Number of lengths. */
    int lengths() {
        return sizes.length;
    }

    /** Hash of the n-gram of the length with this index; differs between lengths. */
    long hash(int index) {
        return UnitHash.mixed(sums[index] + sizes[index]);
    }

    /** Hash of the n-gram of any length below {@link #SLOTS}, computed from its units. */
    long hashOf(int size) {
        long sum = 0;
        for (long unit = count - size; unit < count; unit++) {
            sum = sum * BASE + units[(int) unit & (SLOTS - 1)];
        }
        return UnitHash.mixed(sum + size);
    }
}
