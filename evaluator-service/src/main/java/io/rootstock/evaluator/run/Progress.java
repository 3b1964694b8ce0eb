package io.rootstock.evaluator.run;

import io.rootstock.evaluation.result.TaskSummary;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.evaluation.v1.SearchProgress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Progress of an evaluation: a search of training data, if there is one, then rows. One thread adds, another one reads. */
final class Progress {
    private static final long RUNNING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long total;
    private final LongSupplier nanoTime;
    private final RowRate rate;
    private long rows;
    private String task = "";
    private MetricResult running;
    private long runningTime;
    private RowRate searchRate;
    private SearchProgress search = SearchProgress.getDefaultInstance();

    Progress(long total, LongSupplier nanoTime) {
        this.total = total;
        this.nanoTime = nanoTime;
        this.rate = new RowRate(nanoTime);
    }

    /** Begins a search of training data. */
    synchronized void beginSearch(long totalBytes) {
        searchRate = new RowRate(nanoTime);
        search = SearchProgress.newBuilder().setTotalBytes(totalBytes).build();
    }

    /** Counts bytes of a dataset that were searched. */
    synchronized void searched(String dataset, long bytes) {
        searchRate.add(bytes);
        search = search.toBuilder()
                .setDataset(dataset)
                .setBytesRead(search.getBytesRead() + bytes)
                .build();
    }

    /** Begins a task, after the search. */
    synchronized void begin(String name) {
        searchRate = null;
        task = name;
        running = null;
    }

    /** Counts a row that was added to the summary of the current task; computes the running metric once per second. */
    synchronized void scored(TaskSummary summary) {
        rows++;
        rate.add(1);
        long now = nanoTime.getAsLong();
        if (running == null || now - runningTime >= RUNNING_NANOS) {
            running = summary.running().map(Results::metric).orElse(null);
            runningTime = now;
        }
    }

    /** Returns the current progress; empty before the search or the first task. */
    synchronized Optional<EvaluationProgress> message() {
        if (searchRate != null) {
            return Optional.of(searchMessage());
        }
        if (task.isEmpty()) {
            return Optional.empty();
        }
        double perSecond = rate.perSecond();
        EvaluationProgress.Builder message = EvaluationProgress.newBuilder()
                .setRows(rows)
                .setTotalRows(total)
                .setRowsPerSecond(perSecond)
                .setRemainingSeconds(perSecond == 0 ? -1 : (total - rows) / perSecond)
                .setTask(task);
        if (running != null) {
            message.setRunning(running);
        }
        return Optional.of(message.build());
    }

    private EvaluationProgress searchMessage() {
        double perSecond = searchRate.perSecond();
        return EvaluationProgress.newBuilder()
                .setTotalRows(total)
                .setRemainingSeconds(perSecond == 0 ? -1 : (search.getTotalBytes() - search.getBytesRead()) / perSecond)
                .setSearch(search.toBuilder().setBytesPerSecond(perSecond))
                .build();
    }

    /** Rows, or bytes, per second over the last 10 seconds. Not safe for several threads. */
    static final class RowRate {
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
}
