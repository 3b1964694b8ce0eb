package io.rootstock.registry.watch;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Change counters with wait. A watcher reads a counter, then the database, then waits for another counter value, so it
 * misses no change. Waits have a timeout, because another process may change the database, too.
 *
 * <p>Frequent changes of one job or evaluation, such as its progress, wake only its watchers. Jobs and evaluations share a
 * fixed number of counters, so that a watcher may wake without a change.
 */
@ApplicationScoped
public class Changes implements AutoCloseable {
    /** Longest wait before a watcher reads the database again without a notification. */
    public static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private static final int JOB_COUNTERS = 256;

    private final Counter all = new Counter();
    private final Counter[] jobs =
            Stream.generate(Counter::new).limit(JOB_COUNTERS).toArray(Counter[]::new);

    /** Returns the number of changes since the start of the service, without those of {@link #announce(String)}. */
    public long count() {
        return all.count();
    }

    /** Returns the number of changes that may concern a job. */
    public long count(String job) {
        return counter(job).count();
    }

    /** Wakes all waiting threads; call it after a commit. */
    public void announce() {
        all.increment();
        for (Counter job : jobs) {
            job.increment();
        }
    }

    /** Wakes the threads that wait for changes of this job; call it after a commit. */
    public void announce(String job) {
        counter(job).increment();
    }

    /**
     * Waits until {@link #count()} differs from {@code seen}, at most {@code limit}.
     *
     * @return false once this is closed; true if the caller should read again
     */
    public boolean await(long seen, Duration limit) throws InterruptedException {
        return all.await(seen, limit);
    }

    /** Like {@link #await(long, Duration)} for {@link #count(String)}. */
    public boolean await(String job, long seen, Duration limit) throws InterruptedException {
        return counter(job).await(seen, limit);
    }

    /** Ends all current waits; later waits return at once. */
    @Override
    public void close() {
        all.close();
        for (Counter job : jobs) {
            job.close();
        }
    }

    private Counter counter(String job) {
        return jobs[Math.floorMod(job.hashCode(), JOB_COUNTERS)];
    }

    private static final class Counter {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private long count;
        private boolean closed;

        long count() {
            lock.lock();
            try {
                return count;
            } finally {
                lock.unlock();
            }
        }

        void increment() {
            lock.lock();
            try {
                count++;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        boolean await(long seen, Duration limit) throws InterruptedException {
            lock.lock();
            try {
                long left = limit.toNanos();
                while (!closed && count == seen && left > 0) {
                    left = changed.awaitNanos(left);
                }
                return !closed;
            } finally {
                lock.unlock();
            }
        }

        void close() {
            lock.lock();
            try {
                closed = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
