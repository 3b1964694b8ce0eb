package io.rootstock.trainer.engine.device;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The engine's platform threads, one per replica. */
public final class ReplicaThreads implements AutoCloseable {
    /** Work on the elements from (inclusive) to (exclusive) of a flat buffer. */
    @FunctionalInterface
    public interface RangeWork {
        void run(long from, long to);
    }

    /** Ranges start at multiples of this, so that vector loops use the same lanes for any number of threads. */
    private static final long GRAIN = 4096;

    private final ComputeDevice device;
    private final int count;
    private final ExecutorService threads;

    /** Starts threads whose tasks run between {@link ComputeDevice#enter} and {@link ComputeDevice#leave}. */
    public ReplicaThreads(ComputeDevice device, int count) {
        this.device = device;
        this.count = count;
        this.threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name("replica-", 0).factory());
    }

    /** Number of threads. */
    public int count() {
        return count;
    }

    /** Runs the tasks in parallel and returns their results in order; rethrows the exception of the first failed task. */
    public <T> List<T> all(List<Callable<T>> tasks) {
        return all(tasks, () -> {});
    }

    /** Runs the tasks in parallel, and another on the calling thread; the exception of any of them is rethrown. */
    public <T> List<T> all(List<Callable<T>> tasks, Runnable meanwhile) {
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> task : tasks) {
            futures.add(threads.submit(() -> {
                device.enter();
                try {
                    return task.call();
                } finally {
                    device.leave();
                }
            }));
        }
        List<T> results = new ArrayList<>();
        RuntimeException failure = null;
        try {
            meanwhile.run();
        } catch (RuntimeException e) {
            failure = e;
        }
        for (Future<T> future : futures) {
            try {
                results.add(await(future));
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    /** Runs one task on one of the threads and returns its result. */
    public <T> T single(Callable<T> task) {
        return all(List.of(task)).getFirst();
    }

    /** Splits a flat buffer of this many elements among the threads. */
    public void ranges(long elements, RangeWork work) {
        List<Callable<Void>> tasks = new ArrayList<>();
        long grains = (elements + GRAIN - 1) / GRAIN;
        for (int index = 0; index < count; index++) {
            long from = grains * index / count * GRAIN;
            long to = Math.min(elements, grains * (index + 1) / count * GRAIN);
            if (from < to) {
                tasks.add(() -> {
                    work.run(from, to);
                    return null;
                });
            }
        }
        all(tasks);
    }

    /** Waits for the task even if interrupted: it uses memory that the caller would free. */
    private static <T> T await(Future<T> future) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return future.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    switch (e.getCause()) {
                        case RuntimeException exception -> throw exception;
                        case Error error -> throw error;
                        case null, default -> throw new IllegalStateException(e.getCause());
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        threads.close();
    }
}
