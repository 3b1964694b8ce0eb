package io.rootstock.inference.canary;

import io.rootstock.evaluation.canary.TimeHistogram;
import io.rootstock.registry.v1.CanaryAgreementFigures;
import io.rootstock.registry.v1.CanarySideFigures;
import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import java.util.UUID;
import java.util.function.DoubleSupplier;

/**
 * Counters of a canary and of the version beside it, from the moment when the analysis became known to this process. They only
 * grow, so that each report contains all earlier ones. Thread-safe.
 */
public final class CanaryFigures {
    /** Least time between two scores, which bounds the work for them. */
    private static final long SCORE_PAUSE_NANOS = 50_000_000;

    private final String series = UUID.randomUUID().toString();
    private final SideCounters main = new SideCounters();
    private final SideCounters canary = new SideCounters();
    private long sequence;
    private long answers;
    private double sum;
    private double sumOfSquares;
    private long nextScore = System.nanoTime();

    /** Counters of the version that the alias points to. */
    public SideCounters main() {
        return main;
    }

    /** Counters of the canary. */
    public SideCounters canary() {
        return canary;
    }

    /**
     * Scores a shadow answer against the version's answer, unless another one was scored less than 50 ms ago.
     *
     * @param score computes the agreement, 0 to 1
     */
    public void score(DoubleSupplier score) {
        if (!mayScore()) {
            return;
        }
        double value = Math.clamp(score.getAsDouble(), 0.0, 1.0);
        synchronized (this) {
            answers++;
            sum += value;
            sumOfSquares += value * value;
        }
    }

    private synchronized boolean mayScore() {
        long now = System.nanoTime();
        if (now - nextScore < 0) {
            return false;
        }
        nextScore = now + SCORE_PAUSE_NANOS;
        return true;
    }

    /** Returns the counters as the next report of the series, without names and state. */
    public synchronized ReportCanaryFiguresRequest.Builder nextReport() {
        sequence++;
        return ReportCanaryFiguresRequest.newBuilder()
                .setSeries(series)
                .setSequence(sequence)
                .setMain(main.toMessage())
                .setCanary(canary.toMessage())
                .setAgreement(CanaryAgreementFigures.newBuilder()
                        .setAnswers(answers)
                        .setSum(sum)
                        .setSumOfSquares(sumOfSquares));
    }

    /** Counters of the requests of one version. Thread-safe. */
    public static final class SideCounters {
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
}
