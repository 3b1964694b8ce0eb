package io.rootstock.corpus.duplicate;

/** Finaliser of SplitMix64 (https://prng.di.unimi.it/splitmix64.c): a bijection whose output bits depend on all input bits. */
final class Mix64 {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Mix64() {}

    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Returns the first numbers of SplitMix64 for a seed. */
    static long[] sequence(long seed, int count) {
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = mix(seed + (i + 1) * GOLDEN_GAMMA);
        }
        return numbers;
    }
}
