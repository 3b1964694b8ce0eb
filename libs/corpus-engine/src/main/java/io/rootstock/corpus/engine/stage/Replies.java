package io.rootstock.corpus.engine.stage;

import io.rootstock.corpus.engine.TaskContext;
import io.rootstock.corpus.engine.format.ArrayFile;
import java.io.IOException;

/**
 * Bits that the buckets of an exchange returned to one unit: bit i of a bucket belongs to the i-th entry that the unit
 * emitted for it. Read in the order of the entries.
 */
final class Replies {
    private final byte[][] bits;
    private final int[] next;

    private Replies(byte[][] bits) {
        this.bits = bits;
        this.next = new int[bits.length];
    }

    static Replies read(String exchange, int buckets, int unit, TaskContext context) throws IOException {
        byte[][] bits = new byte[buckets][];
        for (int bucket = 0; bucket < buckets; bucket++) {
            bits[bucket] = new ArrayFile(context.file(Layout.bucket(exchange, bucket))).read(unit);
        }
        return new Replies(bits);
    }

    /** Returns the bit of the next entry of a bucket. */
    boolean next(int bucket) {
        int index = next[bucket]++;
        return (bits[bucket][index >>> 3] >>> (index & 7) & 1) != 0;
    }

    /** Returns an array for the bits of a number of entries. */
    static byte[] bits(int entries) {
        return new byte[(entries + 7) >>> 3];
    }

    /** Sets a bit. */
    static void set(byte[] bits, int index) {
        bits[index >>> 3] |= (byte) (1 << (index & 7));
    }
}
