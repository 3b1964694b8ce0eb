package io.rootstock.trainer.data;

/**
 * A pseudo-random permutation of 0..size-1 in constant memory: a four-round Feistel network over the next power of
 * four, applied until the value is below size (cycle walking, Black and Rogaway 2002). Equal keys give equal
 * permutations.
 */
final class Permutation {
    private static final int ROUNDS = 4;

    private final long size;
    private final long key;
    private final int halfBits;
    private final long halfMask;

    Permutation(long size, long key) {
        if (size < 1) {
            throw new IllegalArgumentException("a permutation needs at least one element, was " + size);
        }
        this.size = size;
        this.key = key;
        int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, size - 1));
        this.halfBits = Math.max(1, (bits + 1) / 2);
        this.halfMask = (1L << halfBits) - 1;
    }

    /** Returns the element at an index, 0 to size-1. */
    long at(long place) {
        long value = place;
        do {
            value = encrypt(value);
        } while (value >= size);
        return value;
    }

    private long encrypt(long value) {
        long left = value >>> halfBits;
        long right = value & halfMask;
        for (int round = 0; round < ROUNDS; round++) {
            long mixed = left ^ (mix(key, right * ROUNDS + round) & halfMask);
            left = right;
            right = mixed;
        }
        return left << halfBits | right;
    }

    /** Hashes two numbers with the finalizer of SplitMix64 (Steele et al. 2014). */
    static long mix(long seed, long value) {
        long z = seed + 0x9E3779B97F4A7C15L * (value + 1);
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
