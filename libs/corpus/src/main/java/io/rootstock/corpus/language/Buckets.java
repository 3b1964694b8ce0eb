package io.rootstock.corpus.language;

import java.io.IOException;

/** Rows of hashed n-grams: hash modulo the number of buckets, and in a pruned model only the buckets that are left. */
final class Buckets {
    private static final int MAX_PRUNED = 1 << 28;
    private static final int WIDTH = 32;

    private final int buckets;
    private final int firstRow;
    /** 2^64 / buckets, rounded up, for a remainder by multiplication. */
    private final long reciprocal;

    /**
     * For 32 buckets each, a bit for each bucket that is left (upper half), and the number of such buckets before them
     * (lower half); null if not pruned.
     */
    private final long[] ranks;

    /** Rows of the buckets that are left, in order of buckets, and one more entry. */
    private final int[] rows;

    private Buckets(int buckets, int firstRow, long[] ranks, int[] rows) {
        this.buckets = buckets;
        this.firstRow = firstRow;
        this.ranks = ranks;
        this.rows = rows;
        reciprocal = buckets == 0 ? 0 : Long.divideUnsigned(-1L, buckets) + 1;
    }

    static Buckets read(ModelInput in, int buckets, WordTable words) throws IOException {
        if (words.prunedBuckets < 0) {
            return new Buckets(buckets, words.words, null, null);
        }
        if (buckets > MAX_PRUNED) {
            throw in.invalid("a pruned model has " + buckets + " buckets, above the limit of " + MAX_PRUNED
                    + "; the file may be damaged: download it again");
        }
        int count = (int) words.prunedBuckets;
        int[] left = new int[count];
        int[] leftRows = new int[count];
        long[] ranks = new long[buckets / WIDTH + 1];
        for (int index = 0; index < count; index++) {
            left[index] = in.readInt("a pruned bucket", 0, buckets - 1);
            leftRows[index] = in.readInt("row of a pruned bucket", 0, count - 1);
            ranks[left[index] / WIDTH] |= 1L << (WIDTH + left[index] % WIDTH);
        }
        int rank = 0;
        for (int index = 0; index < ranks.length; index++) {
            ranks[index] |= rank;
            rank += Long.bitCount(ranks[index] >>> WIDTH);
        }
        if (rank != count) {
            throw in.invalid("a bucket is left twice; the file may be damaged: download it again");
        }
        int[] rows = new int[count + 1];
        for (int index = 0; index < count; index++) {
            rows[rank(ranks[left[index] / WIDTH], left[index])] = words.words + leftRows[index];
        }
        return new Buckets(buckets, words.words, ranks, rows);
    }

    /** Number of rows behind those of the words. */
    int rows(WordTable words) {
        return words.prunedBuckets < 0 ? buckets : (int) words.prunedBuckets;
    }

    /** Appends the row of an n-gram of characters to a list, if it is left, and returns the new length of the list. */
    int append(int hash, int[] list, int count) {
        return appendBucket((int) Math.unsignedMultiplyHigh(reciprocal * (hash & 0xFFFFFFFFL), buckets), list, count);
    }

    /** Appends the row of an n-gram of words to a list, if it is left, and returns the new length of the list. */
    int append(long hash, int[] list, int count) {
        return appendBucket((int) Long.remainderUnsigned(hash, buckets), list, count);
    }

    private int appendBucket(int bucket, int[] list, int count) {
        if (ranks == null) {
            list[count] = firstRow + bucket;
            return count + 1;
        }
        long entry = ranks[bucket >>> 5];
        list[count] = rows[rank(entry, bucket)];
        return count + (int) (entry >>> (WIDTH + bucket % WIDTH) & 1);
    }

    /** Number of buckets that are left before a bucket, in the entry of its 32. */
    private static int rank(long entry, int bucket) {
        long before = (entry >>> WIDTH) & ((1L << bucket % WIDTH) - 1);
        return (int) entry + Long.bitCount(before);
    }
}
