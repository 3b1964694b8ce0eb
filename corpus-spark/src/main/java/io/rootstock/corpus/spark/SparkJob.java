package io.rootstock.corpus.spark;

import io.rootstock.corpus.engine.JobCancelledException;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.JobFailedException;
import io.rootstock.corpus.engine.Receipt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * One Spark job: waits for its receipts, and cancels it if the engine's job is cancelled or a task has failed. A task that
 * failed by itself is not repeated; Spark repeats those whose executor was lost.
 */
final class SparkJob {
    private static final long POLL_MILLIS = 50;
    private static final long EVENTS_MILLIS = 1_000;
    private static final long STOP_MILLIS = 30_000;

    private final JavaSparkContext context;
    private final Path workspace;
    private final JobControl control;
    private final Phase last;
    private final String group = "rootstock-" + UUID.randomUUID();
    private final JobListener listener;

    /**
     * @param emitting tasks before the shuffle
     * @param last tasks that return the receipts
     */
    SparkJob(JavaSparkContext context, Path workspace, Optional<Phase> emitting, Phase last, JobControl control) {
        this.context = context;
        this.workspace = workspace;
        this.control = control;
        this.last = last;
        this.listener = new JobListener(group, emitting, last);
    }

    /** Runs the job and returns its receipts in the order of partitions. */
    List<Receipt> run(JavaRDD<Receipt> receipts) throws IOException {
        context.sc().addSparkListener(listener);
        try {
            context.setJobGroup(group, last.stage(), false);
            return await(receipts.collectAsync());
        } catch (InterruptedException e) {
            cancel();
            Thread.currentThread().interrupt();
            throw new JobCancelledException();
        } finally {
            context.clearJobGroup();
            context.sc().removeSparkListener(listener);
        }
    }

    private List<Receipt> await(JavaFutureAction<List<Receipt>> job) throws IOException, InterruptedException {
        while (true) {
            try {
                List<Receipt> receipts = job.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                listener.finish(EVENTS_MILLIS);
                return receipts;
            } catch (TimeoutException e) {
                stopIfCancelled();
                if (listener.failure().filter(failure -> !failure.lost()).isPresent()) {
                    stop();
                    throw failure(e);
                }
            } catch (ExecutionException | CancellationException e) {
                stopIfCancelled();
                awaitTasks();
                throw failure(e);
            }
        }
    }

    private void stopIfCancelled() throws InterruptedException {
        if (control.cancelled().getAsBoolean()) {
            stop();
            throw new JobCancelledException();
        }
    }

    private void stop() throws InterruptedException {
        cancel();
        awaitTasks();
    }

    /** Waits until tasks have stopped; an application that SIGTERM has stopped reports no more of them. */
    private void awaitTasks() throws InterruptedException {
        long end = System.nanoTime() + STOP_MILLIS * 1_000_000;
        while (!listener.stop(POLL_MILLIS) && !context.sc().isStopped() && System.nanoTime() < end) {
            // The listener waits.
        }
    }

    /** Cancels the job, unless SIGTERM has stopped the application. */
    private void cancel() {
        if (!context.sc().isStopped()) {
            context.cancelJobGroup(group);
        }
    }

    /** Failure of a job that Spark has ended. */
    private JobFailedException failure(Exception ended) {
        Optional<StageFailure> known = listener.failure();
        return TaskFailedException.in(ended)
                .map(TaskFailedException::failure)
                .filter(task -> task.precedes(known.orElse(null)))
                .or(() -> known)
                .map(this::failure)
                .orElseGet(() -> JobFailedException.of(
                        last.stage(), "Spark job", workspace, ended.getCause() == null ? ended : ended.getCause()));
    }

    private JobFailedException failure(StageFailure failure) {
        if (!failure.lost()) {
            return JobFailedException.of(failure.stage(), failure.name(), workspace, failure.cause());
        }
        return JobFailedException.of(
                failure.stage(),
                failure.name(),
                workspace,
                new IOException(
                        "its executor was lost several times ("
                                + failure.cause().getMessage()
                                + ")\nhint: give executors more memory, or plan smaller units or more buckets",
                        failure.cause()));
    }
}
