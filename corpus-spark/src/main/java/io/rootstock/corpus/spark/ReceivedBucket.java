package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.BucketInput;
import java.util.Iterator;
import scala.Tuple2;

/** The arrays of all units for one bucket, in memory. */
final class ReceivedBucket implements BucketInput {
    private static final byte[] EMPTY = {};

    private final int bucket;
    private final int buckets;
    private final byte[][] arrays;

    /**
     * Places the arrays of a shuffle by their units.
     *
     * @param units number of units; a unit that emitted nothing for the bucket has an empty array
     * @param emitted arrays in any order
     */
    ReceivedBucket(int bucket, int buckets, int units, Iterator<Tuple2<Integer, EmittedArray>> emitted) {
        this.bucket = bucket;
        this.buckets = buckets;
        this.arrays = new byte[units][];
        while (emitted.hasNext()) {
            EmittedArray array = emitted.next()._2();
            arrays[array.unit()] = array.bytes();
        }
    }

    @Override
    public int bucket() {
        return bucket;
    }

    @Override
    public int buckets() {
        return buckets;
    }

    @Override
    public int units() {
        return arrays.length;
    }

    @Override
    public int length(int unit) {
        return array(unit).length;
    }

    @Override
    public byte[] array(int unit) {
        byte[] array = arrays[unit];
        return array == null ? EMPTY : array;
    }
}
