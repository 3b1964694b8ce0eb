package io.rootstock.trainer.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The engine's platform threads, each of which computes alone. */
final class ReplicaThreads implements AutoCloseable {
    /** Work on the values from (inclusive) to (exclusive) of a flat buffer. */
    @FunctionalInterface
    interface RangeWork {
        void run(long from, long to);
    }

    /** Ranges start at multiples of this, so that vector loops see the same lanes however many threads there are. */
    private static final long GRAIN = 4096;

    private final ComputeDevice device;
    private final int count;
    private final ExecutorService threads;

    ReplicaThreads(ComputeDevice device, int count) {
        this.device = device;
        this.count = count;
        this.threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name("replica-", 0).factory());
    }

    int count() {
        return count;
    }

    /** Runs the tasks side by side and returns their results in order, or throws what the first failing one threw. */
    <T> List<T> all(List<Callable<T>> tasks) {
        return all(tasks, () -> {});
    }

    /** The same; meanwhile the calling thread does something else, which may fail as they may. */
    <T> List<T> all(List<Callable<T>> tasks, Runnable meanwhile) {
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

    /** Splits a flat buffer among the threads. */
    void ranges(long elements, RangeWork work) {
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

    /** Waits for the end even if interrupted: the task uses memory that the caller would free. */
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
