package io.rootstock.corpus.duplicate;

import java.util.Comparator;

/**
 * Key of a text or address: the first 128 bits of the SHA-256 of its UTF-8 bytes. Among 10^12 different texts the
 * probability that any two have one key is below 10^-14.
 *
 * @param high first 8 bytes, big-endian
 * @param low next 8 bytes, big-endian
 */
public record ExactKey(long high, long low) implements Comparable<ExactKey> {
    private static final Comparator<ExactKey> ORDER = Comparator.<ExactKey, Long>comparing(
                    ExactKey::high, Long::compareUnsigned)
            .thenComparing(ExactKey::low, Long::compareUnsigned);

    /** Bytes of a key. */
    public static final int BYTES = 16;

    @Override
    public int compareTo(ExactKey other) {
        return ORDER.compare(this, other);
    }

    /**
     * Returns the bucket of a key, by its first 32 bits.
     *
     * @param high first half of the key
     * @param buckets number of buckets, at least 1
     */
    public static int bucket(long high, int buckets) {
        return (int) (((high >>> 32) * buckets) >>> 32);
    }
}
