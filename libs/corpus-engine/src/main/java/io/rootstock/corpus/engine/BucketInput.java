package io.rootstock.corpus.engine;

import java.io.IOException;

/** The arrays that all units emitted for one bucket. They can be read several times and in any order. */
public interface BucketInput {
    /** Number of the bucket, from 0. */
    int bucket();

    /** Number of buckets of the exchange. */
    int buckets();

    /** Number of units. */
    int units();

    /** Bytes of a unit's array. */
    int length(int unit) throws IOException;

    /** Reads the array that a unit emitted for this bucket. */
    byte[] array(int unit) throws IOException;

    /** Bytes of all arrays of the bucket. */
    default long bytes() throws IOException {
        long sum = 0;
        for (int unit = 0; unit < units(); unit++) {
            sum += length(unit);
        }
        return sum;
    }
}
