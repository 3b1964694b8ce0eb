package io.rootstock.evaluator.run;

import io.rootstock.evaluation.result.TaskSummary;
import io.rootstock.evaluation.v1.EvaluationProgress;
import io.rootstock.evaluation.v1.MetricResult;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Progress of an evaluation. One thread adds rows, another one reads messages. */
final class Progress {
    private static final long RUNNING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long total;
    private final LongSupplier nanoTime;
    private final RowRate rate;
    private long rows;
    private String task = "";
    private MetricResult running;
    private long runningTime;

    Progress(long total, LongSupplier nanoTime) {
        this.total = total;
        this.nanoTime = nanoTime;
        this.rate = new RowRate(nanoTime);
    }

    /** Begins a task. */
    synchronized void begin(String name) {
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

    /** Returns the current progress; empty before the first task. */
    synchronized Optional<EvaluationProgress> message() {
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
}
