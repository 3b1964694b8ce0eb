package io.rootstock.evaluator.run;

import java.util.function.LongSupplier;

/** Rows, or bytes, per second over the last 10 seconds. Not safe for several threads. */
final class RowRate {
    private static final int SECONDS = 10;
    private static final double NANOS = 1e9;

    private final LongSupplier nanoTime;
    private final long start;
    /** Rows of each of the last seconds and of the current one, by second modulo length. */
    private final long[] rows = new long[SECONDS + 1];

    private long second;

    RowRate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    void add(long count) {
        advance();
        rows[(int) (second % rows.length)] += count;
    }

    /** Mean over the last 10 seconds, or since the start if that is less; 0 in the beginning. */
    double perSecond() {
        double elapsed = advance();
        long sum = 0;
        for (long count : rows) {
            sum += count;
        }
        double covered = Math.min(elapsed, SECONDS + elapsed - Math.floor(elapsed));
        return covered == 0 ? 0 : sum / covered;
    }

    /** Clears the buckets of seconds that have begun; returns the seconds since the start. */
    private double advance() {
        double elapsed = (nanoTime.getAsLong() - start) / NANOS;
        long now = (long) elapsed;
        long cleared = Math.min(now - second, rows.length);
        for (long i = 1; i <= cleared; i++) {
            rows[(int) ((now - cleared + i) % rows.length)] = 0;
        }
        second = now;
        return elapsed;
    }
}
