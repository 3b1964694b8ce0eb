package io.rootstock.corpus.engine.local;

import io.rootstock.corpus.engine.JobCancelledException;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.JobFailedException;
import io.rootstock.corpus.engine.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** Runs the tasks of one stage on threads. After a failure or cancellation, running tasks stop at their next check. */
final class ParallelTasks {
    private final Path workspace;
    private final String stage;
    private final int threads;
    private final JobControl control;
    private final AtomicInteger next = new AtomicInteger();
    private volatile Failure failure;
    private int done;
    private long bytesDone;

    private record Failure(int index, Throwable cause) {}

    /** A task by its index. */
    @FunctionalInterface
    interface IndexedTask {
        void run(int index, BooleanSupplier cancelled) throws IOException;
    }

    ParallelTasks(Path workspace, String stage, int threads, JobControl control) {
        this.workspace = workspace;
        this.stage = stage;
        this.threads = threads;
        this.control = control;
    }

    /**
     * Runs all tasks and waits for them.
     *
     * @param sizes input bytes of each task
     * @param names name of each task, for errors
     */
    void run(long[] sizes, IntFunction<String> names, IndexedTask task) throws IOException {
        long total = Arrays.stream(sizes).sum();
        Thread[] workers = new Thread[Math.min(threads, sizes.length)];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = Thread.ofPlatform()
                    .name("corpus-" + stage + "-" + i)
                    .daemon()
                    .start(() -> work(sizes, total, task));
        }
        join(workers);
        Failure failed = failure;
        if (failed != null) {
            throw JobFailedException.of(stage, names.apply(failed.index), workspace, failed.cause);
        }
        if (done < sizes.length) {
            throw new JobCancelledException();
        }
    }

    private void work(long[] sizes, long total, IndexedTask task) {
        for (int index = next.getAndIncrement(); index < sizes.length && !isStopped(); index = next.getAndIncrement()) {
            try {
                task.run(index, this::isStopped);
                finish(sizes.length, sizes[index], total);
            } catch (JobCancelledException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                fail(index, e);
                return;
            }
        }
    }

    private boolean isStopped() {
        return failure != null || control.cancelled().getAsBoolean();
    }

    private synchronized void finish(int count, long bytes, long total) {
        done++;
        bytesDone += bytes;
        control.progress().accept(new Progress(stage, done, count, bytesDone, total));
    }

    /** Keeps the failure of the first unit in order among those that failed. */
    private synchronized void fail(int index, Throwable cause) {
        if (failure == null || index < failure.index) {
            failure = new Failure(index, cause);
        }
    }

    /** Waits for the threads; an interrupt of the caller stops the tasks and then cancels the job. */
    private void join(Thread[] workers) {
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    stop();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new JobCancelledException();
        }
    }

    private synchronized void stop() {
        if (failure == null) {
            failure = new Failure(0, new JobCancelledException());
        }
    }
}
