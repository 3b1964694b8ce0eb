package io.rootstock.inference.engine.scheduling;

import java.util.concurrent.TimeUnit;

/** Counts events over the last ten seconds. Thread-safe. */
final class RateMeter {
    private static final int SECONDS = 10;

    private final long[] counts = new long[SECONDS];
    private final long[] seconds = new long[SECONDS];
    private final long start = System.nanoTime();

    synchronized void count(int events) {
        long second = second();
        int place = (int) (second % SECONDS);
        if (seconds[place] != second) {
            seconds[place] = second;
            counts[place] = 0;
        }
        counts[place] += events;
    }

    /** Events per second, over the last ten seconds or since the start. */
    synchronized double perSecond() {
        long second = second();
        long sum = 0;
        for (int place = 0; place < SECONDS; place++) {
            if (seconds[place] > second - SECONDS) {
                sum += counts[place];
            }
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        return sum / Math.clamp(elapsed, 1, SECONDS);
    }

    private long second() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }
}
