package io.rootstock.evaluation.canary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts of times in buckets that grow by 2^(1/8), about 9 %: bucket i holds times of at most 0.1 ms · 2^(i/8), above the
 * previous bucket; the last one has no bound. Immutable.
 */
public final class TimeHistogram {
    /** Number of buckets; the last one holds times above 46 minutes. */
    public static final int BUCKETS = 200;

    private static final int PER_OCTAVE = 8;
    private static final double MIN_MILLISECONDS = 0.1;

    private final long[] counts;

    private TimeHistogram(long[] counts) {
        this.counts = counts;
    }

    /**
     * Creates a histogram.
     *
     * @param counts of the buckets, at most 200; missing ones are 0
     * @throws IllegalArgumentException if there are more, or one is negative
     */
    public static TimeHistogram of(List<Long> counts) {
        if (counts.size() > BUCKETS) {
            throw new IllegalArgumentException("must have at most " + BUCKETS + " buckets, has " + counts.size());
        }
        long[] copy = new long[BUCKETS];
        for (int bucket = 0; bucket < counts.size(); bucket++) {
            if (counts.get(bucket) < 0) {
                throw new IllegalArgumentException("must hold counts of at least 0, was " + counts.get(bucket));
            }
            copy[bucket] = counts.get(bucket);
        }
        return new TimeHistogram(copy);
    }

    /** Bucket of a time. */
    public static int bucket(double milliseconds) {
        return clamp(octaves(milliseconds / MIN_MILLISECONDS));
    }

    /** Largest time of a bucket in milliseconds. */
    public static double bound(int bucket) {
        return MIN_MILLISECONDS * Math.pow(2, (double) bucket / PER_OCTAVE);
    }

    /** Number of times. */
    public long total() {
        return Arrays.stream(counts).sum();
    }

    /** The smallest bucket so that at least this share of the times is in it or in an earlier one. */
    public int quantile(double share) {
        double wanted = share * total();
        long sum = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            sum += counts[bucket];
            if (sum > 0 && sum >= wanted) {
                return bucket;
            }
        }
        return BUCKETS - 1;
    }

    /** Upper bound of a quantile in milliseconds; 0 without times. */
    public double quantileMilliseconds(double share) {
        return total() == 0 ? 0 : bound(quantile(share));
    }

    /** Number of times in later buckets. */
    public long above(int bucket) {
        long sum = 0;
        for (int later = bucket + 1; later < BUCKETS; later++) {
            sum += counts[later];
        }
        return sum;
    }

    /** The bucket that holds the bound of a bucket times a factor of at least 1. */
    static int scaled(int bucket, double factor) {
        return clamp(bucket + octaves(factor));
    }

    /** The counts without those of an earlier state of the same counters. */
    public TimeHistogram since(TimeHistogram earlier) {
        return combined(earlier, -1);
    }

    /** The sum of two histograms. */
    public TimeHistogram plus(TimeHistogram other) {
        return combined(other, 1);
    }

    /** The counts without trailing zeros. */
    public List<Long> counts() {
        int length = BUCKETS;
        while (length > 0 && counts[length - 1] == 0) {
            length--;
        }
        List<Long> list = new ArrayList<>(length);
        for (int bucket = 0; bucket < length; bucket++) {
            list.add(counts[bucket]);
        }
        return list;
    }

    private TimeHistogram combined(TimeHistogram other, int sign) {
        long[] sums = new long[BUCKETS];
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            sums[bucket] = counts[bucket] + sign * other.counts[bucket];
        }
        return new TimeHistogram(sums);
    }

    private static int octaves(double factor) {
        // The tolerance keeps a bound, which is rounded, in its own bucket.
        return (int) Math.ceil(PER_OCTAVE * Math.log(factor) / Math.log(2) - 1e-9);
    }

    private static int clamp(int bucket) {
        return Math.clamp(bucket, 0, BUCKETS - 1);
    }
}
