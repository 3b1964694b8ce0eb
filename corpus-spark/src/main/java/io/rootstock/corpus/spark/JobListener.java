package io.rootstock.corpus.spark;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Follows the tasks of one Spark job: passes their progress on, and keeps the failure of the first unit in order among those
 * that failed. Spark calls it from a thread of its own, shortly after the events.
 */
final class JobListener extends SparkListener {
    private static final String GROUP = "spark.jobGroup.id";
    private static final String SHUFFLE_TASK = "ShuffleMapTask";

    private final String group;
    private final Optional<Phase> emitting;
    private final Phase last;
    private final Set<Integer> stages = new HashSet<>();
    private final Set<Long> running = new HashSet<>();
    private boolean closed;
    private StageFailure failure;

    /**
     * @param group job group of the job
     * @param emitting tasks before the shuffle
     * @param last tasks that return the results
     */
    JobListener(String group, Optional<Phase> emitting, Phase last) {
        this.group = group;
        this.emitting = emitting;
        this.last = last;
    }

    @Override
    public synchronized void onJobStart(SparkListenerJobStart start) {
        if (start.properties() != null && group.equals(start.properties().getProperty(GROUP))) {
            CollectionConverters.asJava(start.stageIds()).forEach(stage -> stages.add((Integer) stage));
        }
    }

    @Override
    public synchronized void onTaskStart(SparkListenerTaskStart start) {
        if (stages.contains(start.stageId())) {
            running.add(start.taskInfo().taskId());
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (stages.contains(end.stageId())) {
            running.remove(end.taskInfo().taskId());
            if (!closed) {
                end(end.taskType().equals(SHUFFLE_TASK) ? emitting.orElse(last) : last, end);
            }
            notifyAll();
        }
    }

    private void end(Phase phase, SparkListenerTaskEnd end) {
        TaskEndReason reason = end.reason();
        int position = end.taskInfo().partitionId();
        if (reason == Success$.MODULE$) {
            succeed(phase, position, end);
        } else if (reason instanceof ExceptionFailure thrown) {
            Throwable cause = thrown.exception().getOrElse(() -> new IllegalStateException(thrown.description()));
            fail(TaskFailedException.in(cause)
                    .map(TaskFailedException::failure)
                    .orElseGet(() -> phase.failure(position, cause, false)));
        } else if (reason instanceof TaskFailedReason lost && !(reason instanceof TaskKilled)) {
            fail(phase.failure(position, new IllegalStateException(lost.toErrorString()), true));
        }
    }

    private void succeed(Phase phase, int position, SparkListenerTaskEnd end) {
        if (end.taskMetrics() == null) {
            phase.finish(position, 0);
            return;
        }
        if (phase != last) {
            last.expect(end.taskMetrics().shuffleWriteMetrics().bytesWritten());
        }
        phase.finish(position, end.taskMetrics().shuffleReadMetrics().totalBytesRead());
    }

    private void fail(StageFailure failed) {
        if (failed.precedes(failure)) {
            failure = failed;
        }
    }

    /** The failure to report, if a task failed or its executor was lost. */
    synchronized Optional<StageFailure> failure() {
        return Optional.ofNullable(failure);
    }

    /** Reports the end of a job that succeeded; waits for events of Spark for a time. */
    synchronized void finish(long millis) throws InterruptedException {
        await(last::isFinished, millis);
        emitting.ifPresent(Phase::finishAll);
        last.finishAll();
        closed = true;
    }

    /** Ignores later results, and waits for a time until tasks that were killed have stopped; true if they have. */
    synchronized boolean stop(long millis) throws InterruptedException {
        closed = true;
        await(running::isEmpty, millis);
        return running.isEmpty();
    }

    private void await(BooleanSupplier condition, long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; !condition.getAsBoolean() && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }
}
