package io.rootstock.inference.canary;

import io.rootstock.evaluation.canary.TimeHistogram;
import io.rootstock.registry.v1.CanarySideFigures;

/** Counters of the requests of one version. Thread-safe. */
public final class SideCounters {
    private final long[] firstToken = new long[TimeHistogram.BUCKETS];
    private long requests;
    private long failed;
    private int used;

    SideCounters() {}

    /** Counts an answered request. */
    public synchronized void answered(double firstTokenMilliseconds) {
        int bucket = TimeHistogram.bucket(firstTokenMilliseconds);
        requests++;
        firstToken[bucket]++;
        used = Math.max(used, bucket + 1);
    }

    /** Counts a request that the version failed. */
    public synchronized void failed() {
        requests++;
        failed++;
    }

    synchronized CanarySideFigures toMessage() {
        CanarySideFigures.Builder figures =
                CanarySideFigures.newBuilder().setRequests(requests).setFailed(failed);
        for (int bucket = 0; bucket < used; bucket++) {
            figures.addFirstTokenCounts(firstToken[bucket]);
        }
        return figures.build();
    }
}
